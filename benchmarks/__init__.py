"""What the integration costs, as ratios to the least possible, measured in one run."""
