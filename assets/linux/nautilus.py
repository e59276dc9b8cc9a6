# SPDX-License-Identifier: GPL-3.0-or-later
"""Browse history in Files (Nautilus): in the menu of a file, of a folder, and of the background of a folder."""
import subprocess

from gi.repository import GObject, Nautilus

APP = "/opt/Ize/ize-app"


class IzeMenu(GObject.GObject, Nautilus.MenuProvider):
    # Up to Nautilus 42 (3.0) the window comes first; what is asked about is last in every version.
    def get_file_items(self, *args):
        files = args[-1]
        return items("IzeMenu::FileHistory", files[0]) if len(files) == 1 else []

    def get_background_items(self, *args):
        return items("IzeMenu::FolderHistory", args[-1])


def items(name, file):
    path = file.get_location().get_path()
    # What lies on no path of this machine, as in the waste basket, has no history.
    if path is None:
        return []
    item = Nautilus.MenuItem(name=name, label="Browse history", tip="What it was, and how to put it back", icon="ize")
    item.connect("activate", lambda _item: browse(path))
    return [item]


def browse(path):
    # Away from Nautilus at once: it would have to wait for it in the end.
    subprocess.run(["setsid", "--fork", APP, "--history", path], check=False)
