"""Tests of the room websocket: the commands of cards."""
