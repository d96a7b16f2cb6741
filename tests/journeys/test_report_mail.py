"""A report by mail through the real processes: begun, handed over, made into pages by the worker, taken by the relay."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from portavoce.onboarding.people import add_person
from portavoce.reporting.mailing.models import ReportSchedule
from portavoce.reporting.mailing.running import begin_due
from portavoce.reporting.mailing.schedules import Wish, make_schedule
from portavoce.reporting.observing.following import catch_up
from tests.journeys.town import Town
from tests.world import HOUSE_NAME, World


async def test_a_due_report_reaches_its_reader_with_its_files(town: Town, peopled: World) -> None:
    aurora, address = peopled.aurora, f"carla@{peopled.aurora.slug}.example"
    carla = await add_person(
        peopled.database, HOUSE_NAME, name="Carla Longo", email=address, locale="it", client_id=peopled.client,
        role="client_viewer", brands=[aurora.id], by=peopled.elena,
    )  # fmt: skip
    await peopled.answered(aurora)
    await catch_up(peopled.database, aurora.id)
    async with peopled.database.begin(aurora.writing) as db:
        await make_schedule(db, Wish("daily", 0, ["pdf", "csv"], "it", [carla]), person_id=carla)
        await db.flush()
        earlier = peopled.database.clock.now() - timedelta(days=2)
        await db.execute(update(ReportSchedule).values(made_at=earlier))
    assert await peopled.database.run(aurora.writing, begin_due) == 1
    mail = await town.mail_to(address, number=2)
    assert str(mail["Subject"]).startswith("Aurora: rapporto di ")
    parts = {part.get_filename(): part.get_content_type() for part in mail.iter_attachments()}
    assert set(parts.values()) == {"application/pdf", "text/csv"}
    body = mail.get_body()
    assert body is not None
    assert "Contatti ricevuti: " in body.get_content()
