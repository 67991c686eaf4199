/* SPDX-License-Identifier: LGPL-2.1-or-later */
/// <reference types="vite/client" />
