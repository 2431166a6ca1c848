"""How a graph is put together: wires, forks, what is refused, and the program that is run in the end."""
