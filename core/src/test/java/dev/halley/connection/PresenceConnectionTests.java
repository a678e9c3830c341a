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

package dev.halley.connection;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which ends of a connection let a member leave at once, and which have the grace: here a
 * day, so that whoever has it is present in any case.
 */
@Timeout(60)
class PresenceConnectionTests {

	private final Runs runs = new Runs();

	private final Hubs hubs = Hubs.inMemory(Runnable::run, Map.of(), (message) -> 1, Duration.ofDays(1));

	private final Hub<String> hub = this.hubs.hub("room", String.class);

	private final FakeTransport transport = new FakeTransport();

	private Connection join() {
		return join(this.hub.out());
	}

	private Connection join(Out<String> out) {
		return this.runs.open(this.hub.join("ann", "data", out), this.transport);
	}

	private void assertPresent(boolean present) {
		assertThat(this.hub.update("ann", "data")).isEqualTo(present);
		assertThat(this.hub.subscribers()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1005 })
	void whoClosesOnPurposeLeavesAtOnce(int status) {
		Connection connection = join();
		connection.closing(new CloseStatus(status));
		assertPresent(false);
		connection.ended(new CloseStatus(status));
		assertPresent(false);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1005 })
	void aWireThatTellsOfACloseOnlyAtItsEndIsNoDifferent(int status) {
		join().ended(new CloseStatus(status));
		assertPresent(false);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1002, 1006, 1011, 4000 })
	void whoGoesAwayOrFailsHasTheGrace(int status) {
		join().closing(new CloseStatus(status));
		assertPresent(true);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1002, 1006, 1011, 4000 })
	void whoIsLostHasTheGrace(int status) {
		join().ended(new CloseStatus(status));
		assertPresent(true);
	}

	@Test
	void aDroppedConnectionHasTheGrace() {
		join().abort(CloseStatus.NORMAL);
		assertPresent(true);
	}

	@Test
	void aTimeOutHasTheGrace() {
		Connection connection = join();
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(connection.isOpen()).isFalse();
		assertPresent(true);
	}

	@Test
	void theEndOfTheServerHasTheGraceThoughThePeerAnswersIt() {
		Connection connection = join();
		connection.close(CloseStatus.GOING_AWAY);
		connection.closing(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NORMAL);
		assertPresent(true);
	}

	@Test
	void theApplicationsEndIsAtOnce() {
		join(Out.of("last").andThen(Out.eof()));
		assertThat(this.transport.wire).containsExactly("last", "<Close 1000>");
		assertPresent(false);
	}

	@Test
	void theApplicationsCloseBesideTheHubIsAtOnce() {
		this.runs.open(this.hub.join("ann", "data").map((text) -> text).andThen(Out.eof()), this.transport);
		assertThat(this.hub.update("ann", "data")).isTrue();
		this.hub.close();
		assertThat(this.transport.wire).containsExactly("<Close 1000>");
		assertThat(this.hub.members()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1012, 1013 })
	void anInvitationToComeAgainHasTheGrace(int status) {
		join(Out.close(new CloseStatus(status)));
		assertThat(this.transport.wire).containsExactly("<Close " + status + ">");
		assertPresent(true);
	}

	@Test
	void aStreamThatItsClientLeavesHasTheGrace() {
		this.transport.stream();
		join().ended(CloseStatus.NORMAL);
		assertPresent(true);
	}

	@Test
	void aStreamThatEndsByItselfHasTheGraceSinceBrowsersComeAgain() {
		this.transport.stream();
		join(Out.of("last"));
		assertThat(this.transport.wire).containsExactly("last", "<Close 1000>");
		assertPresent(true);
	}

	@Test
	void aStreamThatTheApplicationEndsIsAtOnce() {
		this.transport.stream();
		join(Out.<String>of("last").andThen(Out.eof()));
		assertPresent(false);
	}

	@Test
	void aReloadIsSilent() {
		join().closing(CloseStatus.GOING_AWAY);
		FakeTransport next = new FakeTransport();
		this.runs.open(this.hub.join("ann", "data"), next);
		assertThat(this.hub.members()).containsKey("ann");
		next.connection().closing(CloseStatus.NORMAL);
		assertPresent(false);
	}

	@Test
	void anOutThatIsInterleavedWithOthersKnowsWhyItEnds() {
		Connection connection = this.runs.open(this.hub.join("ann", "data").interleave(Out.never()), this.transport);
		connection.closing(CloseStatus.NORMAL);
		assertPresent(false);
	}

}
