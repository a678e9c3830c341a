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

package dev.halley.boot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import dev.halley.connection.CloseReason;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionObserver.Outcome;
import dev.halley.connection.ConnectionObserver.Wire;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionMetrics}. What a server tells is for
 * {@link MetricsServerTests}.
 */
class ConnectionMetricsTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ConnectionMetrics metrics = new ConnectionMetrics(this.meters, this::registry);

	private ConnectionRegistry registry() {
		return new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE, System::nanoTime);
	}

	@Test
	void thereIsAnEndToTheTagsWhateverTheEndpointsAreCalled() {
		for (int i = 0; i < 2000; i++) {
			this.metrics.handshake(new Wire("sse", "/" + i), Outcome.ACCEPTED, 0);
		}
		assertThat(this.meters.find("halley.handshakes").counters()).hasSizeLessThanOrEqualTo(501);
		assertThat(this.meters.get("halley.handshakes").tag("endpoint", "other").counter().count()).isEqualTo(1500);
	}

	@Test
	void theKindOfWireHasTheNameThatOthersGiveIt() {
		this.metrics.handshake(new Wire("websocket", "/a"), Outcome.REFUSED, 503);
		assertThat(this.meters.get("halley.handshakes")
			.tags("endpoint", "/a", "transport", "web_sockets", "outcome", "refused", "status", "503")
			.counter()
			.count()).isEqualTo(1);
	}

	@Test
	void aDurationIsRecordedByItsReason() {
		this.metrics.connected(new Wire("comet", "/a"), null).ended(CloseReason.SLOW_CONSUMER, Duration.ofSeconds(3));
		assertThat(this.meters.get("halley.connection.duration")
			.tags("endpoint", "/a", "transport", "comet", "reason", "slow_consumer")
			.timer()
			.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
	}

}
