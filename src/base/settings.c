/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/settings.h"

#define STUN_SERVERS                                                                                                   \
  "stun:stun.l.google.com:19302,stun:stun1.l.google.com:19302,stun:stun2.l.google.com:19302,"                          \
  "stun:stun3.l.google.com:19302,stun:stun4.l.google.com:19302"

/* clang-format off */
const GrSetting gr_settings[] = {
  { "http", "listen", GR_SETTING_LISTEN, "localhost:8080",
    .help = "Addresses of the web server, such as localhost:8080 (both loopbacks), *:8080 (everywhere), [::1]:8080." },
  { "http", "public-url", GR_SETTING_STRING, "",
    .help = "How people reach the server, such as https://rooms.example.org; empty: as each request says." },
  { "http", "allowed-origins", GR_SETTING_LIST, "",
    .help = "Origins of clients hosted elsewhere that may call the API, such as https://app.example.org." },
  { "http", "trusted-proxies", GR_SETTING_NETWORKS, "",
    .help = "Networks of reverse proxies whose X-Forwarded-For is believed, such as 127.0.0.0/8,::1." },
  { "http", "root", GR_SETTING_STRING, GREENROOM_CLIENT_DIR,
    .help = "Directory of the browser client." },
  { "http", "connections-per-address", GR_SETTING_INT, "128",
    .help = "Open connections that one address may have.", 1, 100000 },
  { "http", "request-timeout", GR_SETTING_INT, "30",
    .help = "Seconds a request may take in all.", 1, 3600 },

  { "data", "dir", GR_SETTING_STRING, "",
    .help = "Directory for the database, keys and uploads; empty: the usual place." },
  { "store", "url", GR_SETTING_STRING, "",
    .help = "postgresql://user@host/database; empty: SQLite in the data directory." },
  { "store", "pool", GR_SETTING_INT, "4",
    .help = "Threads with a database connection each.", 1, 64 },

  { "media", "listen", GR_SETTING_LISTEN, "0.0.0.0:7880",
    .help = "The media port (UDP). 0.0.0.0 opens it on each address that this machine has at start." },
  { "media", "program", GR_SETTING_STRING, GREENROOM_MEDIA_PROGRAM,
    .help = "The worker that carries media, greenroom-media; empty: none, and every room is peer to peer." },
  { "media", "announce", GR_SETTING_LIST, "",
    .help = "Addresses that browsers are told to send media to, where they differ from those of this machine." },
  { "live", "listen", GR_SETTING_LISTEN, "localhost:8081",
    .help = "Addresses of the origin for live segments." },
  { "rtmp", "listen", GR_SETTING_LISTEN, "*:1935",
    .help = "Addresses that take RTMP streams." },
  { "srt", "listen", GR_SETTING_LISTEN, "*:8890",
    .help = "Addresses that take SRT streams." },
  { "redis", "url", GR_SETTING_STRING, "",
    .help = "redis://host:6379 for more than one node; empty: a single node." },

  { "ice", "servers", GR_SETTING_LIST, STUN_SERVERS,
    .help = "STUN and TURN servers for browsers; empty: none." },
  { "ice", "turn-secret", GR_SETTING_STRING, "",
    .help = "Shared secret of the TURN servers, from which browsers get credentials for a day." },

  { "outputs", "allow-private", GR_SETTING_BOOL, "false",
    .help = "Whether destinations, avatars and webhooks may reach private addresses." },
  { "outputs", "pipelines", GR_SETTING_STRING, "",
    .help = "Directory of pipelines (*.launch) that take the place of those that are shipped; empty: none." },
  { "outputs", "recordings", GR_SETTING_STRING, "",
    .help = "Directory for recordings; empty: in the data directory." },

  { "pictures", "program", GR_SETTING_STRING, GREENROOM_IMAGE_PROGRAM,
    .help = "The worker that prepares uploaded pictures, greenroom-image; empty: none, and none are taken." },
  { "pictures", "quota", GR_SETTING_INT, "200",
    .help = "MiB that the pictures of one account may take, in all their sizes.", 1, 1000000 },
  { "pictures", "seconds", GR_SETTING_INT, "20",
    .help = "Seconds that preparing one picture may take.", 1, 600 },

  { "rooms", "capacity", GR_SETTING_INT, "15",
    .help = "People in a new room.", 1, 10000 },
  { "rooms", "capacity-max", GR_SETTING_INT, "500",
    .help = "The most that an owner can set.", 1, 10000 },
  { "rooms", "resume-seconds", GR_SETTING_INT, "30",
    .help = "Seconds for which a dropped connection keeps its seat.", 0, 3600 },
  { "rooms", "p2p-max", GR_SETTING_INT, "0",
    .help = "In a new room, media goes from browser to browser for up to so many people, which shows addresses.", 0, 15 },
  { "rooms", "guests", GR_SETTING_BOOL, "true",
    .help = "Whether people without an account may join rooms." },

  { "accounts", "registration", GR_SETTING_BOOL, "true",
    .help = "Whether anybody may register." },
  { "accounts", "access-minutes", GR_SETTING_INT, "15",
    .help = "Minutes an access token is good for.", 1, 1440 },
  { "accounts", "refresh-days", GR_SETTING_INT, "30",
    .help = "Days without a visit after which a session ends.", 1, 3650 },

  { "limits", "login-per-minute", GR_SETTING_INT, "10",
    .help = "Login attempts per address, and per account.", 1, 1000000 },
  { "limits", "register-per-hour", GR_SETTING_INT, "20",
    .help = "Registrations per address.", 1, 1000000 },
  { "limits", "requests-per-second", GR_SETTING_INT, "50",
    .help = "Requests per address.", 1, 1000000 },
  { "limits", "requests-burst", GR_SETTING_INT, "200",
    .help = "Requests that an address may make at once.", 1, 1000000 },
  { "limits", "uploads-per-hour", GR_SETTING_INT, "60",
    .help = "Pictures that an account may upload.", 1, 1000000 },
  { "limits", "joins-per-second", GR_SETTING_INT, "50",
    .help = "Joins per address.", 1, 1000000 },

  { "log", "level", GR_SETTING_CHOICE, "info",
    .help = "The least important records to write.", .choices = "debug|info|warning|error" },
  { "log", "format", GR_SETTING_CHOICE, "auto",
    .help = "The journal, or JSON lines on stderr; auto: the journal if stderr is connected to it.",
    .choices = "auto|journal|json" },

  { "dbus", "bus", GR_SETTING_CHOICE, "auto",
    .help = "Which bus to appear on; auto: the session bus where there is one, else the system bus.",
    .choices = "auto|session|system|none" },

  { "drain", "seconds", GR_SETTING_INT, "10",
    .help = "Seconds that people get to leave when the server stops.", 0, 600 },
};
/* clang-format on */

const gsize gr_n_settings = G_N_ELEMENTS (gr_settings);
