/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "dbus"

#include "dbus/call.h"

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"

typedef struct
{
  GrDBusServices *services;
  GDBusMethodInvocation *invocation; /* NULL once it is answered, or the answer is on its way */
  char *subject;
  GrDBusWork work;
} Call;

typedef struct
{
  GDBusMethodInvocation *invocation;
  GVariant *reply;
  GError *error;
} Answer;

/* One closure serves methods of every shape: the arguments are read from the invocation. */
typedef struct
{
  GClosure closure;
  GrDBusServices *services;
  char *subject;
  GrDBusWork work; /* NULL: the hub is asked */
} WorkClosure;

static void
services_clear (gpointer memory)
{
  GrDBusServices *services = memory;

  g_clear_object (&services->house);
  g_clear_object (&services->rooms);
  g_clear_object (&services->accounts);
  g_clear_object (&services->store);
  g_clear_object (&services->hub);
  g_clear_object (&services->studio);
  g_clear_object (&services->shows);
  g_clear_pointer (&services->config, gr_config_unref);
}

static void
call_free (gpointer memory)
{
  Call *call = memory;

  /* The pool dropped the call before its turn came. */
  if (call->invocation != NULL)
    {
      g_autoptr (GError) error = NULL;

      gr_set_error (&error, GR_ERROR_UNAVAILABLE, NULL, "The server is shutting down");
      gr_dbus_call_fail (g_steal_pointer (&call->invocation), error);
    }

  gr_dbus_services_unref (call->services);
  g_free (call->subject);
  g_free (call);
}

static void
answer_free (gpointer memory)
{
  Answer *answer = memory;

  g_clear_object (&answer->invocation);
  g_clear_pointer (&answer->reply, g_variant_unref);
  g_clear_error (&answer->error);
  g_free (answer);
}

static void
send_answer (gpointer memory)
{
  Answer *answer = memory;

  if (answer->error != NULL)
    gr_dbus_call_fail (g_steal_pointer (&answer->invocation), answer->error);
  else
    g_dbus_method_invocation_return_value (g_steal_pointer (&answer->invocation), answer->reply);
}

static void
run_call (gpointer memory)
{
  Call *call = memory;
  Answer *answer = g_new0 (Answer, 1);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (call->invocation);
  GVariant *reply = call->work (call->services, call->subject, parameters, &answer->error);

  answer->reply = reply != NULL ? g_variant_ref_sink (reply) : NULL;
  answer->invocation = g_steal_pointer (&call->invocation);
  gr_main_post (send_answer, answer, answer_free);
}

static void
start_call (const WorkClosure *closure, GDBusMethodInvocation *invocation)
{
  g_autoptr (GError) error = NULL;
  Call *call;

  gr_assert_main ();

  call = g_new0 (Call, 1);
  call->services = gr_dbus_services_ref (closure->services);
  call->invocation = invocation;
  call->subject = g_strdup (closure->subject);
  call->work = closure->work;

  if (!gr_pool_push (closure->services->pool, run_call, call, call_free, &error))
    {
      gr_dbus_call_fail (g_steal_pointer (&call->invocation), error);
      call_free (call);
    }
}

static void
on_hub_said (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GDBusMethodInvocation) invocation = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gr_hub_port_ask_finish (GR_HUB_PORT (source), result, &error);

  if (text == NULL)
    gr_dbus_call_fail (g_steal_pointer (&invocation), error);
  else
    g_dbus_method_invocation_return_value (g_steal_pointer (&invocation), g_variant_new ("(s)", text));
}

/* A handler of a "handle-…" signal: (interface, invocation, arguments …) → whether it answers. */
static void
marshal_work (
    GClosure *closure, GValue *handled, guint n_values, const GValue *values, gpointer hint, gpointer marshal_data)
{
  start_call ((const WorkClosure *) closure, g_value_get_object (&values[1]));
  g_value_set_boolean (handled, TRUE);
}

static void
marshal_question (
    GClosure *closure, GValue *handled, guint n_values, const GValue *values, gpointer hint, gpointer marshal_data)
{
  const WorkClosure *question = (const WorkClosure *) closure;

  gr_hub_port_ask_async (question->services->hub, question->subject, on_hub_said, g_value_get_object (&values[1]));
  g_value_set_boolean (handled, TRUE);
}

static void
release_closure (gpointer data, GClosure *closure)
{
  WorkClosure *work = (WorkClosure *) closure;

  gr_dbus_services_unref (work->services);
  g_free (work->subject);
}

GrDBusServices *
gr_dbus_services_new (GrHouse *house,
                      GrRooms *rooms,
                      GrAccounts *accounts,
                      GrStore *store,
                      GrHubPort *hub,
                      GrConfig *config,
                      GrPool *pool)
{
  GrDBusServices *services = g_atomic_rc_box_new0 (GrDBusServices);

  services->house = g_object_ref (house);
  services->rooms = g_object_ref (rooms);
  services->accounts = g_object_ref (accounts);
  services->store = g_object_ref (store);
  services->hub = g_object_ref (hub);
  services->config = gr_config_ref (config);
  services->pool = pool;
  services->started_at = g_get_monotonic_time ();

  return services;
}

GrDBusServices *
gr_dbus_services_ref (GrDBusServices *services)
{
  return g_atomic_rc_box_acquire (services);
}

void
gr_dbus_services_unref (gpointer services)
{
  g_atomic_rc_box_release_full (services, services_clear);
}

static void
connect_closure (gpointer interface,
                 const char *signal,
                 GrDBusServices *services,
                 const char *subject,
                 GrDBusWork work,
                 GClosureMarshal marshal)
{
  WorkClosure *closure = (WorkClosure *) g_closure_new_simple (sizeof (WorkClosure), NULL);

  closure->services = gr_dbus_services_ref (services);
  closure->subject = g_strdup (subject);
  closure->work = work;
  g_closure_add_finalize_notifier (&closure->closure, NULL, release_closure);
  g_closure_set_marshal (&closure->closure, marshal);
  g_signal_connect_closure (interface, signal, &closure->closure, FALSE);
}

void
gr_dbus_call_connect (
    gpointer interface, const char *signal, GrDBusServices *services, const char *subject, GrDBusWork work)
{
  connect_closure (interface, signal, services, subject, work, marshal_work);
}

void
gr_dbus_call_connect_hub (gpointer interface, const char *signal, GrDBusServices *services, const char *subject)
{
  connect_closure (interface, signal, services, subject, NULL, marshal_question);
}

void
gr_dbus_call_fail (GDBusMethodInvocation *invocation, const GError *error)
{
  const GrErrorTraits *traits = gr_error_traits (error);
  const char *message = error->message;

  if (traits == gr_error_code_traits (GR_ERROR_INTERNAL))
    {
      gr_warning ("%s failed: %s", g_dbus_method_invocation_get_method_name (invocation), error->message);
      message = "Something went wrong on the server; its log says what";
    }

  g_dbus_method_invocation_return_dbus_error (invocation, traits->dbus_name, message);
}
