"""The yardsticks: how soon the seed's loss is reached, how near the hardware's limit
a step comes, and how the optimisers compare. Run them by `stylecore bench`."""
