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

import org.junit.jupiter.api.Nested;

import dev.halley.boot.Server;

/**
 * The cases on Tomcat with Halley's own engine, on Tomcat's connections.
 */
@RunsOn(Server.TOMCAT_NATIVE)
class TomcatNativeCasesTests {

	@Nested
	class Pairs extends PairTests {

	}

	@Nested
	class Handshakes extends HandshakeTests {

	}

	@Nested
	class Refusals extends RefusalTests {

	}

	@Nested
	class Messages extends MessageTests {

	}

	@Nested
	class IllegalFrames extends IllegalFrameTests {

	}

	@Nested
	class Handlers extends HandlerTests {

	}

	@Nested
	class Blocked extends BlockedTests {

	}

	@Nested
	class Sources extends SourceTests {

	}

	@Nested
	class Hubs extends HubTests {

	}

	@Nested
	class Peers extends PeerTests {

	}

	@Nested
	class HastyPeers extends HastyTests {

	}

	@Nested
	class IdlePeers extends IdleTests {

	}

	@Nested
	class Elsewhere extends ElsewhereTests {

	}

}
