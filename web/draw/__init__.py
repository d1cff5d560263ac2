"""Pictures of a service map, worked out on the server: places and words, and no markup."""

from web.draw.chart import AGENCY_FILLS, Bar, Chart, Lane, Row
from web.draw.lanes import Numbered, chart_of
from web.draw.network import as_text, network_of

__all__ = [
    "AGENCY_FILLS",
    "Bar",
    "Chart",
    "Lane",
    "Numbered",
    "Row",
    "as_text",
    "chart_of",
    "network_of",
]
