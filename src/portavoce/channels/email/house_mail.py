"""Mail of the house itself (invitations, resets) leaves by the same relay, with nothing of any brand on it."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from portavoce.channels.email import sending
from portavoce.channels.email.errors import Permanent, Temporary, Uncertain
from portavoce.core.delivering import Hopeless, Retry
from portavoce.core.models import HouseOutbox
from portavoce.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class HousePostman:
    relay: sending.Relay
    sender: str
    sender_name: str
    clock: Clock

    async def deliver(self, row: HouseOutbox) -> None:
        """A link sent twice does no harm, so an uncertain end counts as sent. Raises Retry or Hopeless."""
        message = self._compose(row)
        connection = None
        try:
            connection = await sending.open_connection(self.relay)
            await sending.offer(connection, self.sender, [row.recipient], size=len(message))
            await sending.transmit(connection, message)
        except Uncertain:
            return
        except Temporary as error:
            raise Retry(error.text) from error
        except Permanent as error:
            raise Hopeless(error.text) from error
        finally:
            if connection is not None:
                await sending.close(connection)

    def _compose(self, row: HouseOutbox) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(display_name=self.sender_name, addr_spec=self.sender)
        message["To"] = row.recipient
        message["Subject"] = row.subject
        message["Date"] = self.clock.now()
        message["Message-ID"] = f"<{row.id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(row.body)
        return message.as_bytes()
