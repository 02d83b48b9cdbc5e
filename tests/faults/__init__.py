"""Tests of every fault of the server."""
