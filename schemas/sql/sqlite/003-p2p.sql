-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Up to how many people a room's media goes from browser to browser; 0: always through the hub.

ALTER TABLE rooms ADD COLUMN p2p_max INTEGER NOT NULL DEFAULT 0;
