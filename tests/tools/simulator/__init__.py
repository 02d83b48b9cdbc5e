"""Tests of the simulator by plain HTTP, because the integration is tested against its answers."""
