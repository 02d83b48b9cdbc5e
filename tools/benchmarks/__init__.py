"""What a poll costs, beside other integrations and the least possible, and whether thousands of polls leave anything behind."""
