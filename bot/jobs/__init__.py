"""Jobs: their states, the store, the fair queue, the dispatcher."""
