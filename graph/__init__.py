"""What composes layers and runs them: chains, branches, graphs, training, and views of all of these."""

from graph.dag import Graph as Graph
from graph.parallel import Parallel as Parallel
from graph.sequential import Residual as Residual
from graph.sequential import Sequential as Sequential
from graph.views.trace import Trace as Trace
