/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of hubtransport's stun, with the vectors of RFC 5769. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/stun.h"

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"

/* RFC 5769, section 2.1. */
static const guint8 sample_request[] = {
  0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,
  0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73, 0x74, 0x20, 0x63, 0x6c,
  0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff, 0x80, 0x29, 0x00, 0x08, 0x93, 0x2f,
  0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09, 0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76,
  0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14, 0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e,
  0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49, 0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};

/* RFC 5769, section 2.2. */
static const guint8 sample_response[] = {
  0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
  0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
  0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
  0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9,
  0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
};

static const guint8 xor_ipv4[] = { 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43 };
/* RFC 5769, section 2.3. */
static const guint8 xor_ipv6[] = { 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,
                                   0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9 };

static void
parse_sample (GrStunMessage *request)
{
  g_assert_true (gr_stun_parse (request, sample_request, sizeof sample_request));
}

static void
test_request (void)
{
  GrStunMessage request;

  g_test_summary ("The request of RFC 5769 is read, and its password is the only one that fits");

  parse_sample (&request);
  g_assert_cmpuint (request.type, ==, GR_STUN_BINDING_REQUEST);
  g_assert_cmpmem (request.username, request.username_length, "evtj:h6vY", 9);
  g_assert_cmpuint (request.ufrag_length, ==, 4);
  g_assert_true (request.has_priority);
  g_assert_cmphex (request.priority, ==, 0x6e0001ff);
  g_assert_true (request.controlled);
  g_assert_false (request.controlling);
  g_assert_false (request.use_candidate);
  g_assert_true (request.has_fingerprint);
  g_assert_cmpuint (request.n_unknown, ==, 0);

  g_assert_true (gr_stun_check_integrity (&request, sample_request, PASSWORD));
  g_assert_false (gr_stun_check_integrity (&request, sample_request, PASSWORD "t"));
  g_assert_false (gr_stun_check_integrity (&request, sample_request, ""));
}

static void
test_response (void)
{
  GrStunMessage response;

  g_test_summary ("The response of RFC 5769 is read too");

  g_assert_true (gr_stun_parse (&response, sample_response, sizeof sample_response));
  g_assert_cmpuint (response.type, ==, GR_STUN_BINDING_SUCCESS);
  g_assert_true (gr_stun_check_integrity (&response, sample_response, PASSWORD));
}

static void
check_success (const struct sockaddr *peer, const guint8 *mapped, gsize mapped_length)
{
  GrStunMessage request, response;
  guint8 out[GR_STUN_MAX_ANSWER];
  gsize length;

  parse_sample (&request);
  length = gr_stun_write_success (out, sizeof out, &request, peer, PASSWORD);
  g_assert_cmpuint (length, ==, 20 + mapped_length + 24 + 8);
  g_assert_cmpmem (out + 20, mapped_length, mapped, mapped_length);
  g_assert_cmpmem (out + 4, 16, sample_request + 4, 16);
  g_assert_true (gr_stun_parse (&response, out, length));
  g_assert_true (response.has_fingerprint);
  g_assert_cmpuint (response.type, ==, GR_STUN_BINDING_SUCCESS);
  g_assert_true (gr_stun_check_integrity (&response, out, PASSWORD));
}

static void
test_success (void)
{
  struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons (32853) };
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons (32853) };
  struct sockaddr other = { .sa_family = AF_UNIX };
  GrStunMessage request;
  guint8 out[GR_STUN_MAX_ANSWER];

  g_test_summary ("A success response tells the peer its address, IPv4, IPv6 and IPv4 on an IPv6 socket");

  inet_pton (AF_INET, "192.0.2.1", &v4.sin_addr);
  check_success ((struct sockaddr *) &v4, xor_ipv4, sizeof xor_ipv4);
  inet_pton (AF_INET6, "2001:db8:1234:5678:11:2233:4455:6677", &v6.sin6_addr);
  check_success ((struct sockaddr *) &v6, xor_ipv6, sizeof xor_ipv6);
  inet_pton (AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr);
  check_success ((struct sockaddr *) &v6, xor_ipv4, sizeof xor_ipv4);

  parse_sample (&request);
  g_assert_cmpuint (gr_stun_write_success (out, sizeof out, &request, &other, PASSWORD), ==, 0);
  g_assert_cmpuint (gr_stun_write_success (out, 100, &request, (struct sockaddr *) &v4, PASSWORD), ==, 0);
}

static void
test_errors (void)
{
  static const GrStunError errors[]
      = { GR_STUN_BAD_REQUEST, GR_STUN_UNAUTHORIZED, GR_STUN_UNKNOWN_ATTRIBUTE, GR_STUN_ROLE_CONFLICT };
  GrStunMessage request, response;
  guint8 out[GR_STUN_MAX_ANSWER];

  g_test_summary ("Error responses carry their code, and 420 the attributes that are not known");

  parse_sample (&request);
  for (guint n = 0; n <= GR_STUN_MAX_UNKNOWN; n++)
    for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
      {
        const char *password = errors[i] > GR_STUN_UNAUTHORIZED ? PASSWORD : NULL;
        gsize length;

        request.n_unknown = n;
        length = gr_stun_write_error (out, sizeof out, &request, errors[i], password);
        g_assert_true (gr_stun_parse (&response, out, length));
        g_assert_cmpuint (response.type, ==, GR_STUN_BINDING_ERROR);
        g_assert_cmpuint (out[26] * 100 + out[27], ==, errors[i]);
        g_assert_true ((password != NULL) == gr_stun_check_integrity (&response, out, PASSWORD));
      }
}

static void
test_damaged (void)
{
  GrStunMessage message;

  g_test_summary ("A message with any byte changed or cut off is refused");

  for (gsize i = 0; i < sizeof sample_request; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (sample_request, sizeof sample_request);
      g_autofree guint8 *cut = g_memdup2 (sample_request, MAX (i, 1));

      changed[i] ^= 0x04;
      /* Without its FINGERPRINT, which bytes 100 and 101 hold the type of, the rest is still authenticated. */
      if (gr_stun_parse (&message, changed, sizeof sample_request))
        g_assert_true (i == 100 || i == 101);
      g_assert_false (gr_stun_parse (&message, cut, i));
    }
}

static void
test_behind_integrity (void)
{
  guint8 bytes[sizeof sample_request + 4];
  GrStunMessage message;

  g_test_summary ("What stands behind MESSAGE-INTEGRITY is not believed");

  /* USE-CANDIDATE where FINGERPRINT was. */
  memcpy (bytes, sample_request, 100);
  gr_write_u32 (bytes + 100, 0x00250000);
  gr_write_u16 (bytes + 2, 104 - 20);
  g_assert_true (gr_stun_parse (&message, bytes, 104));
  g_assert_false (message.use_candidate);
  g_assert_true (gr_stun_check_integrity (&message, bytes, PASSWORD));
}

static void
test_unknown (void)
{
  guint8 bytes[20 + 20 * 4] = { 0x00, 0x01, 0, 80, 0x21, 0x12, 0xa4, 0x42 };
  GrStunMessage message;

  g_test_summary ("Attributes that must be understood are listed, up to a limit, the others passed over");

  for (guint i = 0; i < 20; i++)
    gr_write_u32 (bytes + 20 + i * 4, (i % 2 == 0 ? 0x7f00u : 0xff00u) << 16);
  g_assert_true (gr_stun_parse (&message, bytes, sizeof bytes));
  g_assert_cmpuint (message.n_unknown, ==, GR_STUN_MAX_UNKNOWN);
  g_assert_cmphex (message.unknown[0], ==, 0x7f00);
  g_assert_false (gr_stun_check_integrity (&message, bytes, PASSWORD));
}

static void
test_kinds (void)
{
  g_test_summary ("The first byte tells STUN, DTLS and RTP apart as RFC 7983 says");

  for (guint i = 0; i < 256; i++)
    {
      guint8 byte = i;
      GrDatagramKind kind = i < 4                 ? GR_DATAGRAM_STUN
                            : i >= 20 && i < 64   ? GR_DATAGRAM_DTLS
                            : i >= 128 && i < 192 ? GR_DATAGRAM_RTP
                                                  : GR_DATAGRAM_OTHER;

      g_assert_cmpint (gr_datagram_kind (&byte, 1), ==, kind);
    }
  g_assert_cmpint (gr_datagram_kind ((const guint8 *) "", 0), ==, GR_DATAGRAM_OTHER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stun/request", test_request);
  g_test_add_func ("/stun/response", test_response);
  g_test_add_func ("/stun/success", test_success);
  g_test_add_func ("/stun/errors", test_errors);
  g_test_add_func ("/stun/damaged", test_damaged);
  g_test_add_func ("/stun/behind-integrity", test_behind_integrity);
  g_test_add_func ("/stun/unknown-attributes", test_unknown);
  g_test_add_func ("/stun/kinds-of-datagrams", test_kinds);

  return g_test_run ();
}
