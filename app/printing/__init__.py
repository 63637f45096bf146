"""Cetak: what somebody wants printed, ordered as a book, and who may take it away."""

from app.printing.asked import Wanted, read_wanted
from app.printing.orders import Order, all_orders, find_order, order_book, remove_order, require_files

__all__ = [
    "Order",
    "Wanted",
    "all_orders",
    "find_order",
    "order_book",
    "read_wanted",
    "remove_order",
    "require_files",
]
