"""One self-contained web page for planners, with no network: rates and gaps, hot spots, circles, households, visits."""

from geo.assessment import Assessment


def build_map(assessment: Assessment) -> str:
    """Return the map page of an assessment as one HTML document.

    The page opens from disk and asks the network for nothing. It shows what the assessment holds, so it is
    made from ``geo.privacy.for_audience`` for whoever receives it; names, NIK and addresses are never in it.

    Parameters
    ----------
    assessment
        Tables in WGS 84 as described in docs/tables.md.

    Returns
    -------
    str
        HTML, to be written as UTF-8.

    Raises
    ------
    LookupError
        When the page asks for a script or style that is not at hand offline.
    """
    # folium takes half a second to load: only who makes a map pays for it
    from geo.maps.page import render  # noqa: PLC0415

    return render(assessment)
