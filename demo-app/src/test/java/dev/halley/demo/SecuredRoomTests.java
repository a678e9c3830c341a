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

package dev.halley.demo;

import java.security.Principal;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.stereotype.Controller;

import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.test.HalleyTest;
import dev.halley.test.PairTester;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The test kit behind Spring Security: users are those of the handshake.
 */
@HalleyTest(controllers = SecuredRoomTests.WhoController.class, properties = "spring.autoconfigure.exclude=")
@Import(SecuredRoomTests.WhoController.class)
class SecuredRoomTests {

	@Autowired
	private PairTesters testers;

	@Test
	void whoIsNobodyIsRefused() {
		assertThat(this.testers.refusal("/who").status()).isEqualTo(401);
	}

	@Test
	@WithMockUser("ada")
	void theUserOfTheTestIsThatOfTheHandshakeAndOfItsHandlers() {
		this.testers.webSocket("/who").expect("handshake: ada").send("Hi").expect("handler: ada");
	}

	@Test
	void eachHandshakeMayHaveItsUser() {
		PairTester<String, String> ada = as("ada");
		PairTester<String, String> bob = as("bob");
		ada.expect("handshake: ada").send("Hi").expect("handler: ada");
		bob.expect("handshake: bob").send("Hi").expect("handler: bob");
	}

	private PairTester<String, String> as(String user) {
		return this.testers.with(SecurityMockMvcRequestPostProcessors.user(user)).webSocket("/who");
	}

	@Controller
	static class WhoController {

		@WebSocketMapping("/who")
		InOut<String, String> who(Principal user) {
			return InOut.<String, String>flow(
					(texts) -> texts.map((text) -> "handler: " + name()).startWith("handshake: " + user.getName()));
		}

		private static String name() {
			return SecurityContextHolder.getContext().getAuthentication().getName();
		}

	}

}
