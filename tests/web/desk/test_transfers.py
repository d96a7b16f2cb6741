"""Handing a contact over from the desk, and what everybody then sees."""

from __future__ import annotations

import json
from uuid import UUID

from httpx import Response
from sqlalchemy import select

from portavoce.agents.choosing import choose_state
from portavoce.brands.adding import add_line
from portavoce.brands.models import Brand
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from portavoce.identity.people import add_person
from tests.conversations.conftest import counted
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import DeskBrand, make_worker
from tests.web.desk.taking import take


async def answerer(desk: Desk, brand: DeskBrand) -> None:
    """Somebody of the client who may answer."""
    async with desk.database.begin(brand.writing) as db:
        client_id = await db.scalar(select(Brand.client_id).where(Brand.id == brand.id))
        one = await add_person(
            db,
            name="Olga Serra",
            email=f"olga@{brand.slug}.example",
            locale="it",
            client_id=client_id,
            by=None,
        )
        await grant(db, one.id, "client_back_office", brand_id=brand.id)


async def returns(desk: Desk, brand: DeskBrand, name: str = "Resi") -> UUID:
    async with desk.database.begin(brand.writing) as db:
        line, _queue = add_line(db, name, "it")
        await db.flush()
        return line.id


def toast(answer: Response) -> dict[str, str]:
    told: dict[str, str] = json.loads(answer.headers["hx-trigger"])["toast"]
    return told


def to_bruno(desk: Desk, note: str = "Segue lui i resi.") -> dict[str, str]:
    return {"target": "agent", "colleague": str(desk.bruno.aliases[desk.aurora.id]), "reason": note}


async def test_the_dialog_offers_who_is_at_work_the_other_lines_and_the_client(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna, "Dov'è il mio pacco?")
    here = url(desk.aurora, interaction, "/transfer")
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert f'hx-get="{here}"' in page
    form = (await desk.get(here, desk.anna, htmx=True)).text
    assert ">Bruno</option>" in form
    assert ">Anna</option>" not in form
    assert 'value="queue"' not in form
    assert ">Dov&#39;è il mio pacco?</textarea>" in form
    line = await returns(desk, desk.aurora)
    await make_worker(desk.database, [desk.aurora], "Dino", state="offline")
    form = (await desk.get(here, desk.anna, htmx=True)).text
    assert f'<option value="{line}">Resi</option>' in form
    assert ">Dino</option>" not in form
    assert (await desk.get(here, desk.anna)).status_code == 303


async def test_a_colleague_has_it_in_hand_and_reads_the_note(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    answer = await desk.post(f"{here}/transfer", desk.anna, to_bruno(desk))
    assert answer.headers["hx-push-url"] == "/desk"
    assert "Bruno" in toast(answer)["text"]
    assert f'id="my-{interaction}"' not in (await desk.get("/desk", desk.anna)).text
    assert f'id="my-{interaction}"' in (await desk.get("/desk", desk.bruno)).text
    page = (await desk.get(here, desk.bruno)).text
    assert "Segue lui i resi." in page
    assert 'id="composers"' in page


async def test_one_who_cannot_take_it_leaves_it_first_in_line_and_the_hand_over_says_so(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    await desk.database.run(HOUSE, lambda db: choose_state(db, desk.bruno.agent_id, "aux", "break"))
    answer = await desk.post(url(desk.aurora, interaction, "/transfer"), desk.anna, to_bruno(desk))
    assert "primo della coda" in toast(answer)["text"]
    page = (await desk.get("/desk", desk.bruno)).text
    assert f'id="qi-{interaction}" data-brand="{desk.aurora.slug}" data-due-at="1"' in page


async def test_another_line_of_business_has_it_in_its_queue(desk: Desk) -> None:
    interaction, line = await take(desk, desk.aurora, desk.anna), await returns(desk, desk.aurora)
    given = {"target": "queue", "lob": str(line), "reason": "È un reso."}
    answer = await desk.post(url(desk.aurora, interaction, "/transfer"), desk.anna, given, htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    page = (await desk.get(url(desk.aurora, interaction), desk.bruno)).text
    assert "Resi" in page
    assert 'data-hotkey="F2"' in page


async def test_the_client_is_asked_and_the_question_can_be_taken_back(desk: Desk) -> None:
    await answerer(desk, desk.aurora)
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    given = {"target": "back_office", "question": "È in garanzia?", "shared": "Il pacco è rotto."}
    answer = await desk.post(f"{here}/transfer", desk.anna, given)
    assert toast(answer)["url"] == f"{here}/recall"
    async with desk.database.begin(desk.aurora.writing) as db:
        [asked] = await db.scalars(select(ClientRequest))
    assert (asked.question, asked.shared) == ("È in garanzia?", "Il pacco è rotto.")
    assert f'id="aside-{interaction}"' in (await desk.get("/desk", desk.anna)).text
    shown = (await desk.get(here, desk.bruno)).text
    assert "È in garanzia?" in shown
    assert 'id="composers"' not in shown
    refused = await desk.post(f"{here}/claim", desk.bruno)
    assert refused.status_code == 409
    back = await desk.post(f"{here}/recall", desk.bruno)
    assert 'id="composers"' in back.text
    assert f'id="my-{interaction}"' in (await desk.get("/desk", desk.bruno)).text
    assert (await desk.post(f"{here}/recall", desk.bruno)).status_code == 409


async def test_what_is_missing_or_another_brands_is_refused_in_the_dialog(desk: Desk) -> None:
    """The last but one: nobody at the client may answer."""
    interaction = await take(desk, desk.aurora, desk.anna)
    await returns(desk, desk.aurora)
    bruno, lob = str(desk.bruno.aliases[desk.aurora.id]), str(desk.bosco.lob_id)
    for given, field in (
        ({"target": "agent"}, "colleague"),
        ({"target": "agent", "colleague": bruno, "reason": " "}, "reason"),
        (
            {"target": "agent", "colleague": str(desk.anna.aliases[desk.bosco.id]), "reason": "Tuo"},
            "colleague",
        ),
        ({"target": "queue", "reason": "Tuo"}, "lob"),
        ({"target": "queue", "lob": lob, "reason": "Tuo"}, "lob"),
        ({"target": "back_office", "question": "Chi?", "lob": lob}, "lob"),
        ({"target": "back_office", "question": ""}, "question"),
        ({"target": "back_office", "question": "Chi?"}, "target"),
        ({"target": "elsewhere"}, "target"),
    ):
        answer = await desk.post(url(desk.aurora, interaction, "/transfer"), desk.anna, given)
        assert answer.status_code == 422, given
        assert f'id="f-{field}-err"' in answer.text, given
        assert answer.headers["hx-retarget"] == "#transfer-form"
    assert f'id="my-{interaction}"' in (await desk.get("/desk", desk.anna)).text


async def test_the_form_takes_as_many_statements_for_three_colleagues_as_for_one(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    await desk.get("/desk", desk.anna)
    counts = []
    for more in ((), ("Dino", "Ugo")):
        for name in more:
            await make_worker(desk.database, [desk.aurora], name)
            await returns(desk, desk.aurora, name)
        with counted(desk.database) as statements:
            await desk.get(url(desk.aurora, interaction, "/transfer"), desk.anna, htmx=True)
        counts.append(len(statements))
    assert counts == [19, 19]
