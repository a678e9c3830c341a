/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.client;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * Micrometer's observations of attempts to connect: {@code halley.client.connect}, from
 * its start to the server's answer, with the trace in the headers where there is one. Its
 * tags have few values: {@code transport} ({@code websocket} or {@code sse}),
 * {@code outcome} ({@code accepted}, {@code refused}, {@code failed} or
 * {@code cancelled}) and {@code status} (of a refusal, else {@code none}).
 *
 * @since 0.1
 */
public final class ClientObservations {

	private static final String NAME = "halley.client.connect";

	private ClientObservations() {
	}

	/**
	 * Observes each attempt.
	 * @param registry where the observations go
	 * @return the observer, for {@link HalleyClient.Builder#observer}
	 */
	public static AttemptObserver of(ObservationRegistry registry) {
		return (transport, headers) -> start(registry, transport, headers);
	}

	private static Consumer<@Nullable Throwable> start(ObservationRegistry registry, String transport,
			HttpHeaders headers) {
		SenderContext<HttpHeaders> context = new SenderContext<>(
				(carrier, name, value) -> Objects.requireNonNull(carrier).set(name, value), Kind.CLIENT);
		context.setCarrier(headers);
		Observation observation = Observation.createNotStarted(NAME, () -> context, registry)
			.contextualName("connect " + transport)
			.lowCardinalityKeyValue("transport", transport)
			.start();
		return (failure) -> {
			observation.lowCardinalityKeyValues(tags(failure));
			if (failure != null && !(failure instanceof CancellationException)) {
				observation.error(failure);
			}
			observation.stop();
		};
	}

	private static KeyValues tags(@Nullable Throwable failure) {
		HttpStatusCode status = (failure instanceof ConnectFailedException refused) ? refused.status() : null;
		return KeyValues.of("outcome", outcome(failure, status), "status",
				(status != null) ? String.valueOf(status.value()) : "none");
	}

	private static String outcome(@Nullable Throwable failure, @Nullable HttpStatusCode status) {
		if (failure == null) {
			return "accepted";
		}
		if (failure instanceof CancellationException) {
			return "cancelled";
		}
		return (status != null) ? "refused" : "failed";
	}

}
