"""Tests of accounts that no account is like by itself."""
