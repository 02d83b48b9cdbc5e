"""A simulated Getscreen.me account with an HTTP server, for tests, the demo and the benchmarks."""

from .account import Account
from .faults import Fault
from .models import Agent, Client, Geo, Invitation, Oddity, Session
from .plans import ServicePlan
from .server import Simulator

__all__ = ["Account", "Agent", "Client", "Fault", "Geo", "Invitation", "Oddity", "ServicePlan", "Session", "Simulator"]
