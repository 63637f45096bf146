"""Products: an Assessment cut to what one receiver may have, with every column explained."""

from geo.products.making import make_product
from geo.products.product import Collection, Field, Product, Scope

__all__ = ["Collection", "Field", "Product", "Scope", "make_product"]
