"""Products as sharing asks for them; they are made below the jobs, which need them too."""

from app.product_store import ProductStore, fingerprint, only, product_store, scope_of, scope_of_handover

__all__ = ["ProductStore", "fingerprint", "only", "product_store", "scope_of", "scope_of_handover"]
