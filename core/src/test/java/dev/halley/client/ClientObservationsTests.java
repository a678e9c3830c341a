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

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Micrometer is told of attempts.
 */
class ClientObservationsTests {

	private final BlockingQueue<KeyValues> stopped = new LinkedBlockingQueue<>();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final HalleyClient client;

	ClientObservationsTests() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<SenderContext<Object>>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof SenderContext && context.getName().equals("halley.client.connect");
			}

			/** As those do that carry traces on. */
			@Override
			public void onStart(SenderContext<Object> context) {
				context.getSetter().set(context.getCarrier(), "traceparent", "00-1-2-01");
			}

			@Override
			public void onStop(SenderContext<Object> context) {
				assertThat(context.getHighCardinalityKeyValues()).isEmpty();
				ClientObservationsTests.this.stopped.add(context.getLowCardinalityKeyValues());
			}

		});
		this.client = HalleyClient.builder().observer(ClientObservations.of(this.registry)).build();
	}

	@AfterEach
	void close() {
		this.client.close();
	}

	private void connect(RawServer server) {
		this.client.connect(server.ws(), InOut.of(In.ignore(), Out.never()));
	}

	private KeyValues next() throws InterruptedException {
		return this.stopped.poll(30, TimeUnit.SECONDS);
	}

	private static KeyValues tags(String transport, String outcome, String status) {
		return KeyValues.of("transport", transport, "outcome", outcome, "status", status);
	}

	@Test
	void anAcceptedAttemptIsOneAndCarriesTheTrace() throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.accept();
			peer.drain();
		})) {
			connect(server);
			assertThat(next()).containsExactlyInAnyOrderElementsOf(tags("websocket", "accepted", "none"));
			assertThat(server.peers().get(0).header("traceparent")).isEqualTo("00-1-2-01");
		}
	}

	@Test
	void aRefusedAttemptHasItsStatus() throws Exception {
		try (RawServer server = RawServer.start((peer) -> peer.answer("403 Forbidden"))) {
			connect(server);
			assertThat(next()).containsExactlyInAnyOrderElementsOf(tags("websocket", "refused", "403"));
		}
	}

	@Test
	void nobodyThereIsAFailure() throws Exception {
		RawServer server = RawServer.start(RawServer.Peer::drain);
		server.close();
		connect(server);
		assertThat(next()).containsExactlyInAnyOrderElementsOf(tags("websocket", "failed", "none"));
	}

	@Test
	void eachAttemptOfAStreamIsOne() throws Exception {
		try (RawServer server = RawServer.start((peer) -> {
			peer.stream();
			peer.write("data: a\n\n");
		}, (peer) -> peer.answer("404 Not Found"))) {
			this.client.events(server.http(), String.class).messages().onErrorComplete().subscribe();
			assertThat(next()).containsExactlyInAnyOrderElementsOf(tags("sse", "accepted", "none"));
			assertThat(next()).containsExactlyInAnyOrderElementsOf(tags("sse", "refused", "404"));
		}
	}

}
