"""The templates of the pages, with the numbers written as Indonesians do."""

from pathlib import Path

from fastapi.templating import Jinja2Templates
from jinja2 import StrictUndefined

from geo.symbology import moment, number, percent

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
templates.env.undefined = StrictUndefined  # a misspelt name must not become an empty place
templates.env.filters |= {"number": number, "percent": percent, "moment": moment}
