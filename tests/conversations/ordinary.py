"""Ordinary answers, a few thousand of them: the demo's own letters, and sentences full of what resembles a mark.

Dates, amounts, codes, hours, addresses, abbreviations, sentences without a space between them, carriers' links and the
names of streets and people: what agents write every day and no guard may take for another brand.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from portavoce.demo import cast, texts

SENTENCES = {
    "it": (
        "La fattura n. {n} del {date} è di € {money} e scade il {date}.",
        "L'ordine {code} è stato affidato al corriere il {date}, consegna tra le {hour} e le {hour}.",
        "Può seguire il pacco su www.brt.it con il codice {long}.",
        "Il rimborso di {money} euro arriva sul conto IT60X{long} entro {small} giorni lavorativi.",
        "Ci mandi una foto dell'etichetta: serve il numero di serie {long}.",
        "Il tecnico passa in via {street} {small}, citofono {name}, {date} ore {hour}.",
        "Abbiamo provato a chiamarLa alle {hour} e alle {hour}.La richiamiamo domani.",
        "Il codice POD è IT001E{long}, la lettura {n}.{small} kWh.",
        "Le condizioni sono all'art. {small} del contratto, p.es. comma {small}, lett. b).",
        "Gentile {name}, ho passato la pratica {code} all'ufficio amministrativo.",
        "Il negozio di {town} è aperto 9.00-13.00 e 15.30-19.30, lun.-sab.",
        "Per il reso basta stampare il modulo in PDF (pag. {small}/{small}) e portarlo all'ufficio postale.",
        "S.p.A. e S.r.l. pagano con bonifico a {small} gg. d.f.f.m.",
        "Le misure sono {small}x{small}x{small} cm, peso {money} kg, tensione 220-240 V.",
        "Ho riletto la chiamata del {date}: il collega Le aveva promesso {money} euro di sconto.",
        "Il numero del documento è CA{long}AB, valido fino al {date}.",
        "Trova tutto nella Sua area riservata, alla voce Documenti.Se non vede il file mi scriva.",
        "La tratta {town}-{town} delle {hour} è sostituita da un bus, posto {small}A.",
        "Il team spedizioni mi conferma la partenza oggi.",
        "Grazie per la pazienza, un caro saluto da tutto il servizio clienti.",
    ),
    "en": (
        "Your invoice {n} of {date} is {money} EUR and due on {date}.",
        "Order {code} left today.It will arrive between {hour} and {hour}.",
        "You can follow the parcel at dhl.com with number {long}.",
        "The refund of {money} reaches account GB33BUKB{long} within {small} days.",
        "Please send a photo of the label, e.g. the serial no. {long}.",
        "The technician comes to {small} {street} Road, flat {small}, on {date}.",
        "We tried to ring you at {hour} and {hour}.Sorry we missed you.",
        "Section {small}.{small} of the terms, i.e. para {small}, applies.",
        "Dear {name}, I have passed case {code} to our back office.",
        "The shop in {town} is open 9.00-17.30, Mon.-Fri.",
        "Seats {small}A and {small}B on the {hour} coach from {town} to {town}.",
        "Dimensions {small} x {small} x {small} cm, {money} kg, 220-240 V.",
        "Kind regards from the whole customer care team.",
        "Our returns team has booked a pick-up for {date}.",
    ),
}
NAMES = ("Marta", "Aurora", "Teresa Gatti", "O'Brien", "Lucia", "Ivan", "Stella", "Rocco", "Viola", "Gaia")
STREETS = (
    "Solferino",
    "Garibaldi",
    "XX Settembre",
    "dei Mille",
    "Monte Nero",
    "San Marco",
    "Velini",
    "Lumini",
)
TOWNS = ("Milano Brera", "Trento", "Bolzano", "Torino P. Susa", "Cortina", "Sant'Anna", "Nord Milano", "Alpi")
CLOSINGS = ("Cordiali saluti,\n{name}", "Un saluto,\n{name}", "Buona giornata", "Kind regards,\n{name}", "A presto\n{name}")  # fmt: skip


def answers(count: int, seed: int = 4) -> Iterator[tuple[str, str]]:
    """Pairs of the slug of a brand of the demo and an answer of it, without its signature."""
    random = Random(seed)
    slugs = [team.slug for team in cast.TEAMS]
    for n in range(count):
        slug = slugs[n % len(slugs)]
        yield slug, _letter(random, slug) if n % 3 else _composed(random)


def _letter(random: Random, slug: str) -> str:
    language = random.choice(sorted(texts.languages(slug)))
    matter = texts.draft(random, slug, random.choice(cast.FIRST_NAMES), language)
    agent = random.choice(cast.OPERATORS).alias
    if random.random() < 0.3:
        return texts.follow_up(random, matter, "again_reply", agent)
    return texts.answer(random, matter, agent)


def _composed(random: Random) -> str:
    language = random.choice(("it", "it", "en"))
    chosen = random.sample(SENTENCES[language], random.randint(2, 5))
    lines = [_filled(random, each) for each in (*chosen, random.choice(CLOSINGS))]
    return random.choice((" ", "\n\n")).join(lines[:-1]) + "\n\n" + lines[-1]


def _filled(random: Random, sentence: str) -> str:
    while "{" in sentence:
        slot = sentence.partition("{")[2].partition("}")[0]
        sentence = sentence.replace(f"{{{slot}}}", _value(random, slot), 1)
    return sentence


def _value(random: Random, slot: str) -> str:
    values = {
        "n": lambda: str(random.randint(1, 99_999)),
        "small": lambda: str(random.randint(1, 99)),
        "long": lambda: "".join(random.choice("0123456789") for _ in range(random.randint(6, 14))),
        "code": lambda: f"{random.choice('ANLV')}{random.choice('CEX')}-{random.randint(10_000, 999_999)}",
        "money": lambda: f"{random.randint(1, 2_000)},{random.randint(0, 99):02d}",
        "date": lambda: random.choice(("{d}/{m}/2026", "{d}.{m}.2026", "{d}-{m}-26", "2026-{m}-{d}")).format(
            d=f"{random.randint(1, 28):02d}", m=f"{random.randint(1, 12):02d}"
        ),
        "hour": lambda: random.choice(("{h}:30", "{h}.00", "{h}")).format(h=random.randint(7, 21)),
        "name": lambda: random.choice(NAMES),
        "street": lambda: random.choice(STREETS),
        "town": lambda: random.choice(TOWNS),
    }
    return values[slot]()
