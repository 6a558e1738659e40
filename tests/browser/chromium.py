"""Where Chromium is, and how it is started."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Every window prepares two pages for the address bar that nobody here sees: half of what a context costs.
_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# Nor does it pay to start a process for the next page before there is one: a tenth of what all of it costs.
_NEXT_PAGE = ("SpareRendererForSitePerProcess",)
# What Playwright goes without; of two such flags Chromium heeds the last, which is ours.
_PLAYWRIGHTS = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(_ADDRESS_BAR + _NEXT_PAGE + _PLAYWRIGHTS)}",
)


def chromium() -> str | None:
    """The first that is on the path."""
    return next((path for path in map(shutil.which, NAMES) if path), None)
