"""The cards in WebKit, the engine of Safari and of Home Assistant's app for iPhones: a real Home Assistant in real browsers."""
