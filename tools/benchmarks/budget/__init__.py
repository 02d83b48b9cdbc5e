"""Simulates the request budget under different service plans. The time is simulated: weeks pass in seconds."""
