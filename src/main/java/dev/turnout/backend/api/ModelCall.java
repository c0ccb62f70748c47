package dev.turnout.backend.api;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.authprofile.Credential;
import dev.turnout.authprofile.CredentialLookup;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.BackendSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One request to a model API, complete and free of any dialect.
 *
 * @param messages the conversation, oldest first; the last is the prompt
 */
record ModelCall(
    BackendSettings.Api settings,
    String model,
    Credential credential,
    Optional<String> systemPrompt,
    List<Message> messages) {

  /** One message. APIs refuse blank ones, so there are none. */
  record Message(boolean fromUser, String text) {}

  /** Whether a call can be made. */
  sealed interface PlanResult {
    /** It can. */
    record Ready(ModelCall call) implements PlanResult {}

    /** It cannot: something that the operator must configure is missing. */
    record Missing(String what) implements PlanResult {}
  }

  /** Plans the call of this request, with the credential as it is now. */
  static PlanResult plan(
      BackendSettings.Api settings, AuthProfiles authProfiles, AttemptRequest request) {
    var model = request.candidate().model().or(settings::defaultModel).filter(m -> !m.isBlank());
    if (model.isEmpty()) {
      return new PlanResult.Missing(
          "neither the candidate nor backend " + settings.id() + " names a model");
    }
    var profile = request.candidate().authProfile();
    if (profile.isEmpty()) {
      // Never a key that merely lies around in the environment: it bills somebody unnamed.
      return new PlanResult.Missing(
          "backend " + settings.id() + " is a model API and needs an auth profile");
    }
    return switch (authProfiles.credential(profile.get(), request.profile())) {
      case CredentialLookup.Missing(var why) -> new PlanResult.Missing(why);
      case CredentialLookup.LoggedInElsewhere() ->
          new PlanResult.Missing(
              "auth profile " + profile.get() + " has no secret, and a model API needs one");
      case CredentialLookup.Found(var credential)
          when credential.kind() == CredentialKind.SUBSCRIPTION ->
          new PlanResult.Missing(
              "auth profile "
                  + profile.get()
                  + " is a subscription: it pays for the provider's own CLI only, a model API"
                  + " needs an API key");
      case CredentialLookup.Found(var credential) ->
          new PlanResult.Ready(
              new ModelCall(
                  settings,
                  model.get(),
                  credential,
                  request.systemPrompt().filter(prompt -> !prompt.isBlank()),
                  conversation(request)));
    };
  }

  /** This text without the credential, should an API have echoed it. */
  String redacted(String text) {
    return text.replace(credential.value(), "[redacted]");
  }

  private static List<Message> conversation(AttemptRequest request) {
    var messages = new ArrayList<Message>();
    for (var exchange : request.history()) {
      messages.add(new Message(true, exchange.input()));
      messages.add(new Message(false, exchange.answer()));
    }
    messages.add(new Message(true, request.prompt()));
    messages.removeIf(message -> message.text().isBlank());
    return List.copyOf(messages);
  }
}
