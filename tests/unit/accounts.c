/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of accounts: signing in and out, and who may become what. */
#include "domain/accounts/accounts.h"
#include "base/error.h"
#include "base/time.h"
#include "fake-store.h"
#include <sodium.h>

#define PASSWORD "correct horse"

static const GrJwtKey key = { { 1, 2, 3 } };
static const GrDevice device = { .agent = "Test", .address = "192.0.2.1" };

typedef struct
{
  GrFakeStore *store;
  GrAccounts *accounts;
} Scene;

static Scene
set_scene (const char *setting)
{
  g_autoptr (GrConfig) config = gr_config_new (NULL, NULL);
  Scene scene = { .store = gr_fake_store_new () };

  g_assert_true (setting == NULL || gr_config_set_option (config, setting, NULL));
  scene.accounts = gr_accounts_new (GR_STORE (scene.store), config, &key);

  return scene;
}

static void
clear_scene (Scene *scene)
{
  g_clear_object (&scene->accounts);
  g_clear_object (&scene->store);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, clear_scene)

static GrSignedIn *
sign_up (Scene *scene, const char *email, const char *setup, GError **error)
{
  return gr_accounts_register (scene->accounts, email, PASSWORD, email, setup, &device, error);
}

static void
test_setup (void)
{
  g_auto (Scene) scene = set_scene ("accounts.registration=false");
  g_autofree char *setup = g_strdup (gr_accounts_open_setup (scene.accounts, NULL));
  g_autoptr (GrSignedIn) admin = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The setup token makes one administrator; what fails does not use it up");

  g_assert_null (sign_up (&scene, "ada@example.org", "guessed", &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_FORBIDDEN);
  g_assert_cmpstr (gr_error_get_field (error), ==, "setup");
  g_clear_error (&error);

  gr_fake_store_set_away (scene.store, TRUE);
  g_assert_null (sign_up (&scene, "ada@example.org", setup, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  gr_fake_store_set_away (scene.store, FALSE);

  admin = sign_up (&scene, "ada@example.org", setup, &error);
  g_assert_no_error (error);
  g_assert_cmpint (admin->account->role, ==, GR_ROLE_ADMIN);
  g_assert_null (sign_up (&scene, "bob@example.org", setup, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_FORBIDDEN);
  g_assert_null (gr_accounts_open_setup (scene.accounts, NULL));
}

static void
test_promotion (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_autofree char *setup = g_strdup (gr_accounts_open_setup (scene.accounts, NULL));
  g_autoptr (GrSignedIn) user = sign_up (&scene, "ann@example.org", NULL, NULL);
  g_autoptr (GrAccount) promoted = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An administrator made by the operator ends the setup token");

  promoted = gr_accounts_set_role (scene.accounts, user->account->id, GR_ROLE_ADMIN, &error);
  g_assert_no_error (error);
  g_assert_null (sign_up (&scene, "bob@example.org", setup, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_FORBIDDEN);
}

static void
test_login (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_autoptr (GrSignedIn) ann = sign_up (&scene, "Ann@Example.org ", NULL, NULL);
  g_autoptr (GrSignedIn) again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An e-mail is the same however it is spelt, and a wrong password is told like an unknown account");

  again = gr_accounts_login (scene.accounts, " ANN@example.org", PASSWORD, &device, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->account->id, ==, ann->account->id);
  g_assert_cmpstr (again->session_id, !=, ann->session_id);

  g_assert_null (gr_accounts_login (scene.accounts, "ann@example.org", "wrong", &device, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_BAD_CREDENTIALS);
  g_clear_error (&error);
  g_assert_null (gr_accounts_login (scene.accounts, "nobody@example.org", PASSWORD, &device, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_BAD_CREDENTIALS);
}

static void
test_attempts (void)
{
  g_auto (Scene) scene = set_scene ("limits.login-per-minute=2");
  g_autoptr (GError) error = NULL;

  g_test_summary ("Attempts on one account are counted, whether it exists or not");

  for (guint i = 0; i < 3; i++)
    {
      int expected = i < 2 ? GR_ERROR_BAD_CREDENTIALS : GR_ERROR_RATE_LIMITED;

      g_clear_error (&error);
      g_assert_null (gr_accounts_login (scene.accounts, i % 2 ? "ANN@x.org" : "ann@x.org", "guess", &device, &error));
      g_assert_error (error, GR_ERROR, expected);
    }
}

static void
test_refresh (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_autoptr (GrSignedIn) guest = gr_accounts_guest (scene.accounts, "Zoe", &device, NULL);
  g_autoptr (GrSignedIn) next = NULL;
  g_autoptr (GrCaller) caller = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A refresh token gives the next one for the same session; used twice it ends that session");

  next = gr_accounts_refresh (scene.accounts, guest->refresh_token, &device, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (next->session_id, ==, guest->session_id);
  g_assert_cmpstr (next->refresh_token, !=, guest->refresh_token);
  caller = gr_accounts_authenticate (scene.accounts, next->access_token, &error);
  g_assert_no_error (error);

  g_assert_null (gr_accounts_refresh (scene.accounts, guest->refresh_token, &device, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
  g_clear_error (&error);
  g_assert_null (gr_accounts_authenticate (scene.accounts, next->access_token, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
}

static void
test_expired (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_autoptr (GrSignedIn) guest = gr_accounts_guest (scene.accounts, "Zoe", &device, NULL);
  gint64 now = gr_now ();
  GrClaims claims = {
    .sub = guest->account->id,
    .sid = guest->session_id,
    .aud = (char *) GR_AUDIENCE_ACCESS,
    .iat = now - 2 * G_TIME_SPAN_MINUTE,
    .exp = now - G_TIME_SPAN_MINUTE,
  };
  g_autofree char *token = gr_jwt_sign (&key, &claims);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A token that has expired is no good, even of a session that is");

  g_assert_null (gr_accounts_authenticate (scene.accounts, token, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_EXPIRED);
}

static void
test_change (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_autoptr (GrSignedIn) here = sign_up (&scene, "ann@example.org", NULL, NULL);
  g_autoptr (GrSignedIn) there = gr_accounts_login (scene.accounts, "ann@example.org", PASSWORD, &device, NULL);
  g_autoptr (GrCaller) caller = gr_accounts_authenticate (scene.accounts, here->access_token, NULL);
  g_autoptr (GrCaller) still = NULL;
  g_autoptr (GrAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  GrProfileChange change = { .name = "Anna", .password = "another horse" };

  g_test_summary ("A new password needs the old one, changes nothing without it, and ends other sessions");

  g_assert_null (gr_accounts_change (scene.accounts, caller, &change, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_BAD_CREDENTIALS);
  g_clear_error (&error);
  account = gr_store_get_account (GR_STORE (scene.store), here->account->id, NULL);
  g_assert_cmpstr (account->name, ==, "ann@example.org");
  g_clear_pointer (&account, gr_account_free);

  change.current_password = PASSWORD;
  account = gr_accounts_change (scene.accounts, caller, &change, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->name, ==, "Anna");
  still = gr_accounts_authenticate (scene.accounts, here->access_token, &error);
  g_assert_no_error (error);
  g_assert_null (gr_accounts_authenticate (scene.accounts, there->access_token, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
}

static void
test_guest (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Scene) closed = set_scene ("rooms.guests=false");
  g_autoptr (GrSignedIn) guest = gr_accounts_guest (scene.accounts, "Zoe", &device, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A guest stays a guest, and comes only where guests may");

  g_assert_null (gr_accounts_set_role (scene.accounts, guest->account->id, GR_ROLE_ADMIN, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (gr_accounts_guest (closed.accounts, "Zoe", &device, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_FORBIDDEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/accounts/setup-token", test_setup);
  g_test_add_func ("/accounts/promotion", test_promotion);
  g_test_add_func ("/accounts/login", test_login);
  g_test_add_func ("/accounts/attempts", test_attempts);
  g_test_add_func ("/accounts/refresh", test_refresh);
  g_test_add_func ("/accounts/expired-token", test_expired);
  g_test_add_func ("/accounts/change", test_change);
  g_test_add_func ("/accounts/guest", test_guest);

  return g_test_run ();
}
