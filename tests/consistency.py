"""What must hold between the rows of a brand, its facts and its agents' slots, whatever happened before."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import TSVECTOR

from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.conversations.indexing import kind_of
from portavoce.conversations.models import Closure, HandlingSegment, Interaction, Message, WorkItem
from portavoce.core.scope import HOUSE
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.ledger.models import Ticket
from portavoce.ledger.verifying import verify_chain
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector
from tests.floor import Floor
from tests.world import WorldAgent, WorldBrand

HANDLING = {f"{part}.{act}" for part in ("handling", "acw") for act in ("started", "ended")}
WORK_OF = {
    "waiting": "waiting", "assigned": "assigned", "snoozed": "aside", "pending": "aside", "with_client": "with_client",
    "closed": "done",
}  # fmt: skip


async def contradictions(floor: Floor) -> list[str]:
    """Everything that does not fit, in words; empty is what tests ask for."""
    found: list[str] = []
    brands = (floor.aurora, floor.world.bosco)
    for brand in brands:
        found += await _of_work(floor, brand)
        found += await _of_facts(floor, brand)
        found += await _of_segments(floor, brand)
        found += await _of_search(floor, brand)
    for agent in (floor.world.anna, floor.world.bruno):
        found += await _of_slot(floor, agent, [brand for brand in brands if brand.id in agent.known_as])
    return found


async def _of_work(floor: Floor, brand: WorldBrand) -> list[str]:
    contacts = await floor.rows(Interaction, brand)
    work = {each.interaction_id: each for each in await floor.rows(WorkItem, brand)}
    open_ones = Counter((each.conversation_id, each.channel) for each in contacts if each.state != "closed")
    found = [f"thread {key} has {count} open contacts" for key, count in open_ones.items() if count > 1]
    if work.keys() != {each.id for each in contacts}:
        found.append("a contact without work, or work without a contact")
    threads = {each.id: each.conversation_id for each in contacts}
    for message in await floor.rows(Message, brand):
        if threads.get(message.interaction_id) != message.conversation_id:
            found.append(f"message {message.id} lies in another thread than its contact")
    for each in contacts:
        if work[each.id].state != WORK_OF[each.state]:
            found.append(f"{each.id} is {each.state}, its work {work[each.id].state}")
        if each.state != "closed" and (each.brand_agent_id is None) is not (each.state == "waiting"):
            found.append(f"{each.id} is {each.state}, held by {each.brand_agent_id}")
    return found


async def _of_facts(floor: Floor, brand: WorldBrand) -> list[str]:
    """Each contact's facts lead, step by step, to the state it is in."""
    async with floor.database.begin(brand.reading, snapshot=True) as db:
        found = [f"chain: {fault.n} {fault.reason}" for fault in await verify_chain(db, brand.id)]
    state: dict[object, str | None] = defaultdict(lambda: None)
    closed: Counter[object] = Counter()
    for fact in await floor.facts(at=brand):
        if not fact.kind.startswith("interaction."):
            continue
        if fact.from_state != state[fact.interaction_id]:
            found.append(f"fact {fact.n} leaves {fact.from_state}, not {state[fact.interaction_id]}")
        state[fact.interaction_id] = fact.to_state
        closed[fact.interaction_id] += fact.kind == "interaction.closed"
    contacts = await floor.rows(Interaction, brand)
    if state != {each.id: each.state for each in contacts}:
        found.append("the facts tell of other contacts or states than the rows")
    if {each.interaction_id for each in await floor.rows(Ticket, brand)} != {each.id for each in contacts}:
        found.append("a contact without a ticket, or a ticket without a contact")
    closures = Counter[object](each.interaction_id for each in await floor.rows(Closure, brand))
    if closures != +closed:
        found.append("closures and the facts of closing differ")
    return found


async def _of_segments(floor: Floor, brand: WorldBrand) -> list[str]:
    held = {
        each.id: each.brand_agent_id
        for each in await floor.rows(Interaction, brand)
        if each.state == "assigned"
    }
    segments = await floor.rows(HandlingSegment, brand)
    running = Counter(each.brand_agent_id for each in segments if each.ended_at is None)
    found = [f"{agent} handles {count} contacts at once" for agent, count in running.items() if count > 1]
    wanted = Counter(f"{each.part}.started" for each in segments)
    wanted += Counter(f"{each.part}.ended" for each in segments if each.ended_at is not None)
    told = Counter(fact.kind for fact in await floor.facts(at=brand) if fact.kind in HANDLING)
    if told != wanted:
        found.append(f"{dict(told)} of {dict(wanted)}")
    for each in segments:
        if each.ended_at is not None and each.ended_at < each.started_at:
            found.append("negative handling")
        if (
            each.ended_at is None
            and each.until is None
            and held.get(each.interaction_id) != each.brand_agent_id
        ):
            found.append(f"{each.brand_agent_id} handles what they do not hold")
    return found


async def _of_search(floor: Floor, brand: WorldBrand) -> list[str]:
    """Whatever may be found says what it says now."""
    wanted = {
        (kind_of(each), each.id): vector(brand.id, [each.subject], [each.body])
        for each in await floor.rows(Message, brand)
    }
    known: dict[UUID, list[str]] = defaultdict(list)
    for identity in await floor.rows(CustomerIdentity, brand):
        known[identity.customer_id].append(identity.value)
    everybody = await floor.rows(Customer, brand)
    for one in everybody:
        names = [one.name, *(each.name for each in everybody if each.merged_into == one.id)]
        said = vector(brand.id, [*names, *known[one.id]], numbers=known[one.id])
        wanted["customer", one.id] = said if one.merged_into is None else ""
    entered = {(each.kind, each.subject_id): each.words for each in await floor.rows(SearchEntry, brand)}
    if entered.keys() != wanted.keys():
        return ["the index holds other things than the rows"]
    same = select(*[cast(wanted[key], TSVECTOR) == cast(entered[key], TSVECTOR) for key in wanted])
    async with floor.database.engine().connect() as connection:
        answers = (await connection.execute(same)).one() if wanted else ()
    return [
        f"the entry of {key} says something else"
        for key, right in zip(wanted, answers, strict=True)
        if not right
    ]


async def _of_slot(floor: Floor, agent: WorldAgent, brands: list[WorldBrand]) -> list[str]:
    in_hand = 0
    for brand in brands:
        async with floor.database.begin(brand.reading) as db:
            query = (
                select(Interaction.id)
                .join(
                    BrandAgent,
                    (BrandAgent.brand_id == Interaction.brand_id)
                    & (BrandAgent.id == Interaction.brand_agent_id),
                )
                .where(Interaction.state == "assigned", BrandAgent.agent_id == agent.agent_id)
            )
            in_hand += len((await db.scalars(query)).all())
    async with floor.database.begin(HOUSE) as db:
        slot = await db.get_one(AgentSlot, agent.agent_id)
    found = [] if slot.used == in_hand else [f"a slot says {slot.used}, hands hold {in_hand}"]
    if (slot.state == "working") is not (in_hand > 0):
        found.append(f"{slot.state} with {in_hand} in hand")
    return found
