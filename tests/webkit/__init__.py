"""Tests of the cards with a real Home Assistant in WebKit, the browser engine of Safari and of Home Assistant's iPhone app."""
