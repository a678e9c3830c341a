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

package dev.halley.boot.cases;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.halley.boot.cases.CaseTests.OnEachServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that stop while peers are connected.
 */
@OnEachServer
class ShutdownTests extends CaseTests {

	private Application application;

	@Override
	Application application() {
		if (this.application == null) {
			this.application = server().start(Profile.CALM, "halley.websocket.close-timeout=700ms",
					"server.shutdown=graceful");
		}
		return this.application;
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void allAreToldAndOneWhoDoesNotAnswerHoldsUpNobody() throws Exception {
		String politeName = newName();
		String rudeName = newName();
		LegalClient polite = new LegalClient(application().port(), "/collect?run=" + politeName);
		try (Peer rude = connect("/collect", rudeName)) {
			Instant start = Instant.now();
			CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.application::close);
			assertThat(polite.next()).isEqualTo("close 1001");
			assertThat(run(politeName).done()).isEqualTo(1001);
			assertThat(rude.next()).isEqualTo("close 1001");
			try (Peer late = request("/collect", newName()).send()) {
				assertThat(late.status()).isEqualTo(503);
			}
			stopping.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(9));
			assertThat(rude.next()).isEqualTo("end");
			assertThat(run(rudeName).done()).isEqualTo(1001);
		}
	}

	@Test
	void oneWhoNeverReadsHoldsUpNobody() throws Exception {
		String name = newName();
		try (Peer deaf = request("/endless", name).receiveBuffer(4096).send()) {
			assertThat(deaf.status()).isEqualTo(101);
			await().until(() -> run(name).heard() > 1);
			this.application.close();
			assertThat(run(name).done()).isIn(1001, 1006);
		}
	}

}
