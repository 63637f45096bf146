"""Agencies: how they are called, and how many accounts see what is shared with them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.product_store import ProductStore
from app.records.tables import User
from geo.errors import PetaError
from geo.recipes import agencies


def names_of(products: ProductStore) -> dict[str, str]:
    """Return the name of each agency by its id; none as long as a recipe cannot be read.

    Accounts are kept and hand-overs revoked all the same.
    """
    try:
        return agencies(products.recipes())
    except PetaError:
        return {}


def accounts_of(session: Session, agency: str) -> int:
    """Count the accounts of an agency that can come in."""
    asked = select(func.count()).select_from(User)
    return session.scalar(asked.where(User.role == Role.OPD, User.recipient == agency, ~User.disabled)) or 0
