"""Tests of the integration, against the simulator over real HTTP."""
