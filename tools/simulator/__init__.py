"""A Getscreen account over real HTTP: what tests, the demo and benchmarks talk to."""

from .account import Account
from .faults import Fault
from .models import Agent, Client, Geo, Invitation, Oddity, Session
from .plans import ServicePlan
from .server import Simulator

__all__ = ["Account", "Agent", "Client", "Fault", "Geo", "Invitation", "Oddity", "ServicePlan", "Session", "Simulator"]
