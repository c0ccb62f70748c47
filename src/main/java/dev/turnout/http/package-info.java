/** The public API in JSON. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Turnout",
            version = "1",
            description =
                "Keeps turns of AI agents in a durable queue and runs each through one backend"
                    + " router. Errors are `application/problem+json`; their codes are listed in"
                    + " docs/PROBLEMS.md."),
    tags = {
      @Tag(name = "turns", description = "Submit, follow and cancel turns."),
      @Tag(name = "sessions", description = "Conversations: ordered turns, one running at a time."),
      @Tag(
          name = "decisions",
          description = "What was decided on the way of turns, and would be. Needs `admin`."),
      @Tag(
          name = "classification",
          description = "What failures mean, by which rules. Needs the scope `admin`."),
      @Tag(name = "keys", description = "API keys. Needs the scope `admin`."),
      @Tag(
          name = "cooldowns",
          description = "What rests after failures, and why. Needs the scope `admin`."),
      @Tag(name = "health", description = "How accounts and backends do. Needs the scope `admin`."),
      @Tag(name = "audit", description = "Who changed what, and why. Needs the scope `admin`.")
    },
    security = {@SecurityRequirement(name = "apiKey"), @SecurityRequirement(name = "token")},
    components =
        @Components(
            schemas = @Schema(name = "TurnEvent", implementation = EventBody.class),
            securitySchemes = {
              @SecurityScheme(
                  securitySchemeName = "apiKey",
                  type = SecuritySchemeType.HTTP,
                  scheme = "bearer",
                  description = "An API key with the scope that the call needs."),
              // No openIdConnect scheme: its URL is the operator's and differs between
              // installations.
              @SecurityScheme(
                  securitySchemeName = "token",
                  type = SecuritySchemeType.HTTP,
                  scheme = "bearer",
                  bearerFormat = "JWT",
                  description =
                      "A token of the OpenID Connect issuer that the operator named, whose claims give"
                          + " the scope that the call needs.")
            },
            responses =
                @APIResponse(
                    name = "Problem",
                    description = "What went wrong.",
                    content =
                        @Content(
                            mediaType = "application/problem+json",
                            schema = @Schema(implementation = Problem.class)))))
@NullMarked
package dev.turnout.http;

import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.NullMarked;
