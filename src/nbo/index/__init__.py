"""One index a pack: which offers a customer may have, in rank order, and why not the others."""
