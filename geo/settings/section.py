"""What all sections of the settings have in common: frozen, and no name or number that does not belong."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Settings of one concern."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
