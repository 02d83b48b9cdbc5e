"""Benchmarks: the cost of polls compared with other integrations and with the minimum, and leaks after thousands of polls."""
