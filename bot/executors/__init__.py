"""Where pictures are painted: the contract and the engines behind it."""
