"""Every address of Baton."""

from __future__ import annotations

from typing import Any, TypeAlias

from handlers.account.account import MeHandler, WorkspaceHandler
from handlers.account.keyboard import KeyboardHandler
from handlers.account.profile import (
    NameHandler,
    NotificationsHandler,
    OwnSessionHandler,
    OwnSessionsHandler,
    PasswordHandler,
    ProfileHandler,
)
from handlers.base import BaseHandler
from handlers.conversations.cleanup import (
    BulkDeleteHandler,
    DeleteEmptyHandler,
    DeletePreviewHandler,
    OneConversationHandler,
)
from handlers.conversations.conversations import (
    AllSeenHandler,
    ConversationsHandler,
    EntriesHandler,
    ReadHandler,
    WaitingHandler,
)
from handlers.conversations.tags import BulkTagHandler, ConversationTagsHandler, TagHandler, TagsHandler
from handlers.conversations.takeover import ClaimHandler, ReleaseHandler, ReplyHandler
from handlers.doors.home import DemoHandler, HomeHandler
from handlers.doors.invitation import InviteHandler
from handlers.doors.login import LoginHandler, LogoutHandler
from handlers.doors.recovery import ForgotHandler, ResetHandler
from handlers.doors.setup import SetupHandler
from handlers.files import AssetHandler
from handlers.health import HealthHandler, MetricsHandler, ReadyHandler
from handlers.kitchen import KitchenHandler
from handlers.leads.inbox import AllReadHandler, InboxHandler, LeadFeedHandler, LeadHandler, LeadReadHandler
from handlers.leads.leads import LeadsHandler
from handlers.management.audit import AuditFileHandler, AuditHandler, AuditVerifyHandler
from handlers.management.knowledge import KnowledgeHandler, SourceHandler
from handlers.management.members import (
    InvitationsHandler,
    LeaveHandler,
    MemberHandler,
    PlacesHandler,
    ResendHandler,
    RoleHandler,
    TeamHandler,
)
from handlers.management.settings import (
    AgentHandler,
    AppearanceHandler,
    SettingsHandler,
    SystemHandler,
    TryHandler,
    WidgetSettingsHandler,
)
from handlers.management.webhooks import (
    RedeliverHandler,
    RetryHandler,
    WebhookHandler,
    WebhookSecretHandler,
    WebhooksHandler,
    WebhookSwitchHandler,
    WebhookTestHandler,
)
from handlers.management.widget_api import IdentityRequiredHandler, IdentitySecretHandler, WidgetApiHandler
from handlers.manifest import ManifestHandler
from handlers.overview.overview import OverviewHandler
from handlers.ports import Services
from handlers.sockets.operator_socket import OperatorSocket
from handlers.sockets.visitor_socket import VisitorSocket
from handlers.widget.preview import PreviewHandler
from handlers.widget.widget import BootHandler, LoaderHandler

Route: TypeAlias = tuple[str, type[BaseHandler], dict[str, Any]]

_ID = r"([A-Za-z0-9_-]{1,64})"
_LINK = r"([A-Za-z0-9_-]{16,128})"
_KEY = r"(?P<key>[A-Za-z0-9_-]{1,64})"

# Tornado tries one after the other, which takes 1 µs each: what most connections ask for stands first.
ROUTES: tuple[tuple[str, type[BaseHandler]], ...] = (
    (r"/ws/visitor", VisitorSocket),
    (r"/ws/operator", OperatorSocket),
    (r"/widget\.js", LoaderHandler),
    (rf"/widget/{_KEY}/boot", BootHandler),
    (rf"/widget/{_KEY}/leads", LeadsHandler),
    (r"/assets/([0-9a-f]{1,64})/(.+)", AssetHandler),
    (r"/", HomeHandler),
    (r"/app/?", HomeHandler),
    (r"/demo", DemoHandler),
    (r"/login", LoginHandler),
    (r"/logout", LogoutHandler),
    (r"/setup", SetupHandler),
    (r"/forgot", ForgotHandler),
    (rf"/reset/{_LINK}", ResetHandler),
    (rf"/invite/{_LINK}", InviteHandler),
    (r"/app/manifest\.webmanifest", ManifestHandler),
    (r"/app/me", MeHandler),
    (r"/app/workspace", WorkspaceHandler),
    (r"/app/workspaces", PlacesHandler),
    (rf"/app/workspaces/{_ID}", LeaveHandler),
    (r"/app/account", ProfileHandler),
    (r"/app/account/keyboard", KeyboardHandler),
    (r"/app/account/name", NameHandler),
    (r"/app/account/password", PasswordHandler),
    (r"/app/account/notifications", NotificationsHandler),
    (r"/app/account/sessions", OwnSessionsHandler),
    (rf"/app/account/sessions/{_ID}", OwnSessionHandler),
    (r"/app/overview", OverviewHandler),
    (r"/app/_kitchen", KitchenHandler),
    (r"/app/audit", AuditHandler),
    (r"/app/audit\.csv", AuditFileHandler),
    (r"/app/audit/verify", AuditVerifyHandler),
    (r"/app/settings/?", SettingsHandler),
    (r"/app/settings/system", SystemHandler),
    (r"/app/settings/agent", AgentHandler),
    (r"/app/settings/agent/try", TryHandler),
    (r"/app/settings/knowledge", KnowledgeHandler),
    (rf"/app/settings/knowledge/{_ID}", SourceHandler),
    (r"/app/settings/appearance", AppearanceHandler),
    (r"/app/settings/preview", PreviewHandler),
    (r"/app/settings/widget", WidgetSettingsHandler),
    (r"/app/settings/widget/api", WidgetApiHandler),
    (r"/app/settings/widget/api/secret", IdentitySecretHandler),
    (r"/app/settings/widget/api/required", IdentityRequiredHandler),
    (r"/app/settings/webhooks", WebhooksHandler),
    (rf"/app/settings/webhooks/{_ID}", WebhookHandler),
    (rf"/app/settings/webhooks/{_ID}/switch", WebhookSwitchHandler),
    (rf"/app/settings/webhooks/{_ID}/secret", WebhookSecretHandler),
    (rf"/app/settings/webhooks/{_ID}/test", WebhookTestHandler),
    (rf"/app/settings/webhooks/{_ID}/deliveries/{_ID}/redeliver", RedeliverHandler),
    (r"/app/settings/jobs/retry", RetryHandler),
    (r"/app/settings/team", TeamHandler),
    (r"/app/settings/team/invitations", InvitationsHandler),
    (rf"/app/settings/team/{_ID}", MemberHandler),
    (rf"/app/settings/team/{_ID}/resend", ResendHandler),
    (rf"/app/settings/team/{_ID}/role", RoleHandler),
    (r"/app/inbox", InboxHandler),
    (r"/app/inbox/read", AllReadHandler),
    (rf"/app/inbox/{_ID}", LeadHandler),
    (rf"/app/inbox/{_ID}/read", LeadReadHandler),
    (r"/app/leads/feed", LeadFeedHandler),
    (r"/app/conversations", ConversationsHandler),
    (r"/app/conversations/read", AllSeenHandler),
    (r"/app/conversations/bulk-delete", BulkDeleteHandler),
    (r"/app/conversations/delete-empty", DeleteEmptyHandler),
    (r"/app/conversations/delete-preview", DeletePreviewHandler),
    (r"/app/conversations/bulk-tag", BulkTagHandler),
    (rf"/app/conversations/{_ID}", OneConversationHandler),
    (rf"/app/conversations/{_ID}/tags", ConversationTagsHandler),
    (r"/app/waiting", WaitingHandler),
    (r"/app/tags", TagsHandler),
    (rf"/app/tags/{_ID}", TagHandler),
    (rf"/app/conversations/{_ID}/messages", EntriesHandler),
    (rf"/app/conversations/{_ID}/read", ReadHandler),
    (rf"/app/conversations/{_ID}/claim", ClaimHandler),
    (rf"/app/conversations/{_ID}/release", ReleaseHandler),
    (rf"/app/conversations/{_ID}/reply", ReplyHandler),
    (r"/healthz", HealthHandler),
    (r"/readyz", ReadyHandler),
    (r"/metrics", MetricsHandler),
)


def routes(services: Services) -> list[Route]:
    """The routes, for Tornado's Application."""
    return [(pattern, handler, {"services": services}) for pattern, handler in ROUTES]
