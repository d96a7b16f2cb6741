"""Who plays in the demo: the provider's people, four client companies with a brand each, and their addresses.

Plain values without a database, so that the customers of `traffic` may know them too. All people are invented.
"""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "portavoce-demo"  # noqa: S105 -- shown on every start; the demo's addresses exist nowhere else
ZONE = "Europe/Rome"
WEEKDAYS = (0, 1, 2, 3, 4)
Stretches = dict[int, tuple[tuple[int, int], ...]]


class Site(NamedTuple):
    name: str
    country: str
    monitoring_authorised: bool = False


class Box(NamedTuple):
    """A mailbox of a brand: who it says it is, and what stands under every answer."""

    address: str
    display_name: str
    signature: str


class Party(NamedTuple):
    name: str
    email: str
    role: str
    locale: str = "it"


class Team(NamedTuple):
    """A brand with its client. `hours` are minutes of the local day; `target` in minutes of open time; `pace` is
    the median wait in minutes until somebody takes a contact; `share` the part of all contacts, of a hundred; `place`
    whose public holidays it keeps, and its `patrons` as (month, day, name).
    """

    slug: str
    name: str
    legal_name: str
    accent: str
    shape: str
    monogram: str
    voice: str
    hours: Stretches
    target: int
    share_bp: int
    pace: int
    share: int
    desk: int
    boxes: tuple[Box, ...]
    outcomes: tuple[tuple[str, str], ...]
    people: tuple[Party, ...]
    place: str = ""
    patrons: tuple[tuple[int, int, str], ...] = ()


class Operator(NamedTuple):
    """An agent. A shift is (first hour, hours) of local time; `site` counts in SITES; brands by slug."""

    name: str
    email: str
    brands: tuple[str, ...]
    shift: tuple[int, int]
    days: tuple[int, ...]
    site: int = 0
    pause: bool = True

    @property
    def alias(self) -> str:
        return self.name.split()[0]


def _daily(days: tuple[int, ...], first: int, past: int) -> Stretches:
    return dict.fromkeys(days, ((first * 60, past * 60),))


CLERK = "nadia.rizzo@nordcaffe.example"
SHOPS = (("NordCaffè Brera", "Milano"), ("NordCaffè Lingotto", "Torino"))
"""Of the first brand; the clerk stands in both."""
SITES = (Site("Torino", "IT", True), Site("Trento", "IT"))
ADMIN = Party("Sara Marchetti", "sara.marchetti@voxa.example", "admin")
SUPERVISORS = (
    Party("Carla Leone", "carla.leone@voxa.example", "supervisor"),
    Party("Renato Colli", "renato.colli@voxa.example", "supervisor"),
)
COMMON_OUTCOMES = (
    ("solved", "Risolto"),
    ("informed", "Informazione data"),
    ("complaint", "Reclamo aperto"),
    ("forwarded", "Passato al cliente"),
    ("callback", "Da richiamare"),
    ("spam", "Non per noi"),
)

TEAMS = (
    Team(
        slug="nordcaffe", name="NordCaffè", legal_name="NordCaffè S.p.A.",
        accent="#B5471B", shape="circle", monogram="N", voice="tu",
        hours=_daily((0, 1, 2, 3, 4, 5), 8, 20), target=240, share_bp=9_000, pace=55, share=34, desk=0,
        boxes=(
            Box("ciao@nordcaffe.example", "NordCaffè", "Il team NordCaffè\nnordcaffe.example"),
            Box("ordini@nordcaffe.example", "NordCaffè, ordini", "Ordini NordCaffè\nnordcaffe.example/ordini"),
        ),
        outcomes=(*COMMON_OUTCOMES, ("replaced", "Sostituzione in garanzia"), ("refunded", "Rimborso disposto")),
        people=(
            Party("Ingrid Solberg", "ingrid.solberg@nordcaffe.example", "client_viewer", "en"),
            Party("Paolo Brandi", "paolo.brandi@nordcaffe.example", "client_approver"),
            Party("Livia Serra", "livia.serra@nordcaffe.example", "client_back_office"),
            Party("Nadia Rizzo", CLERK, "client_shop_clerk"),
        ),
        place="IT", patrons=((6, 24, "San Giovanni"),),
    ),
    Team(
        slug="lumi", name="LumiEnergia", legal_name="LumiEnergia S.r.l.",
        accent="#0E7C57", shape="square", monogram="L", voice="Lei",
        hours=_daily(tuple(range(7)), 0, 24), target=120, share_bp=8_000, pace=26, share=32, desk=1,
        boxes=(Box("assistenza@lumienergia.example", "LumiEnergia", "Servizio clienti LumiEnergia\nAttivo 24 ore su 24"),),
        outcomes=(*COMMON_OUTCOMES, ("distributor", "Inoltrato al distributore")),
        people=(
            Party("Anna Verri", "anna.verri@lumienergia.example", "client_viewer"),
            Party("Stefano Nori", "stefano.nori@lumienergia.example", "client_approver"),
        ),
    ),
    Team(
        slug="velia", name="Velia", legal_name="Velia Moda S.p.A.",
        accent="#A21C6A", shape="leaf", monogram="V", voice="tu",
        hours=_daily(WEEKDAYS, 9, 18), target=180, share_bp=8_000, pace=72, share=16, desk=0,
        boxes=(Box("care@velia.example", "Velia", "Con cura,\nVelia"),),
        outcomes=(*COMMON_OUTCOMES, ("returned", "Reso avviato"), ("refunded", "Rimborso disposto")),
        people=(
            Party("Bianca Fusi", "bianca.fusi@velia.example", "client_viewer"),
            Party("Teo Lanzi", "teo.lanzi@velia.example", "client_approver"),
        ),
        place="IT-MI",
    ),
    Team(
        slug="alpilinea", name="AlpiLinea", legal_name="AlpiLinea Autolinee S.p.A.",
        accent="#1D62C9", shape="hex", monogram="A", voice="Lei",
        hours=_daily(tuple(range(7)), 6, 22), target=90, share_bp=7_500, pace=20, share=18, desk=1,
        boxes=(Box("info@alpilinea.example", "AlpiLinea", "AlpiLinea, autobus tra valli e città\nalpilinea.example"),),
        outcomes=(*COMMON_OUTCOMES, ("rebooked", "Biglietto cambiato"), ("lost_found", "Oggetto ritrovato")),
        people=(
            Party("Hannes Gruber", "hannes.gruber@alpilinea.example", "client_viewer", "en"),
            Party("Katrin Moser", "katrin.moser@alpilinea.example", "client_approver"),
        ),
    ),
)  # fmt: skip

GIULIA = "giulia.ferraro@voxa.example"
OPERATORS = (
    Operator("Giulia Ferraro", GIULIA, ("nordcaffe", "lumi", "velia", "alpilinea"), (8, 8), WEEKDAYS),
    Operator("Marco De Santis", "marco.desantis@voxa.example", ("lumi",), (7, 8), (0, 1, 2, 4, 5)),
    Operator("Aisha Benali", "aisha.benali@voxa.example", ("velia",), (9, 8), WEEKDAYS, site=1),
    Operator("Sofia Ricci", "sofia.ricci@voxa.example", ("nordcaffe",), (9, 8), (1, 2, 3, 4, 5)),
    Operator("Luca Moretti", "luca.moretti@voxa.example", ("lumi", "velia"), (9, 8), WEEKDAYS),
    Operator("Davide Rota", "davide.rota@voxa.example", ("nordcaffe", "velia"), (12, 8), (0, 1, 3, 4, 5), site=1),
    Operator("Elena Conti", "elena.conti@voxa.example", ("lumi",), (14, 8), (0, 2, 3, 5, 6)),
    Operator("Tommaso Greco", "tommaso.greco@voxa.example", ("nordcaffe", "alpilinea"), (13, 7), (0, 1, 2, 5, 6)),
    Operator("Chiara Bassi", "chiara.bassi@voxa.example", ("alpilinea",), (6, 6), (0, 1, 2, 3, 4, 6), 1, False),
    Operator("Matteo Gallo", "matteo.gallo@voxa.example", ("alpilinea", "lumi"), (14, 8), (1, 3, 4, 5, 6), 1),
    Operator("Pietro Lanza", "pietro.lanza@voxa.example", ("lumi",), (22, 7), (0, 2, 4, 6), pause=False),
    Operator("Yasmin Haddad", "yasmin.haddad@voxa.example", ("lumi",), (22, 7), (1, 3, 5), 1, False),
)  # fmt: skip

FIRST_NAMES = (
    "Marta", "Dario", "Teresa", "Federica", "Ivan", "Rita", "Emilio", "Nadia", "Silvio", "Ornella", "Fabio", "Greta",
    "Rocco", "Viola", "Ettore", "Lidia", "Samuele", "Irene", "Bruno", "Carola", "Michele", "Donata", "Elio", "Paola",
    "Gaia", "Vito", "Norma", "Sandro", "Letizia", "Omar", "Ilaria", "Tullio", "Ada", "Guido", "Vera", "Corrado",
)  # fmt: skip
LAST_NAMES = (
    "Bianchini", "Salari", "Gattoni", "Leonardi", "Petrini", "Ferrini", "Doria", "Valsecchi", "Morandini", "Castagna",
    "Riccardi", "Tonelli", "Brunetti", "Fabbrini", "Lorenzini", "Mazzola", "Oliveri", "Pastore", "Quadri", "Rinaldo",
    "Serafini", "Tarantola", "Ughetto", "Vigna", "Zanella", "Colombara", "Belmonte", "Cordero", "Fontanesi", "Grassini",
)  # fmt: skip
FOREIGN_NAMES = {
    "en": ("Nora Whitfield", "Colin Barrow", "Maeve Tully", "Jasper Holt", "Priya Raman", "Owen Lister"),
    "de": (
        "Hannah Weissner",
        "Jonas Aldinger",
        "Lena Brugger",
        "Emil Tschurtz",
        "Klara Feldmayr",
        "Anton Reiser",
    ),
}
MAIL_HOSTS = ("posta.example", "casella.example", "lettera.example", "webmail.example")


def team(slug: str) -> Team:
    """KeyError if no brand of the demo has this slug."""
    return {each.slug: each for each in TEAMS}[slug]
