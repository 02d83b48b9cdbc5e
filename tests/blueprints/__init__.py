"""Tests of the blueprints, one file for each."""
