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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link WebMvcTest} of a controller with mappings, which has no server, and hubs in
 * memory whatever broker the application has.
 */
@WebMvcTest(controllers = WebMvcSliceTests.ChatController.class, properties = "halley.hub.broker=redis")
@WithMockUser
class WebMvcSliceTests {

	private final MockMvcTester mvc;

	WebMvcSliceTests(@Autowired MockMvcTester mvc) {
		this.mvc = mvc;
	}

	@Test
	void anEventStreamIsRead() {
		MvcTestResult result = this.mvc.get().uri("/news").accept(MediaType.TEXT_EVENT_STREAM).exchange();
		assertThat(result).hasStatusOk()
			.hasContentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
			.bodyText()
			.isEqualTo("data: {\"text\":\"one\"}\n\ndata: {\"text\":\"two\"}\n\n");
	}

	@Test
	void aCometStreamIsRead() {
		MvcTestResult result = this.mvc.get().uri("/news").accept(MediaType.TEXT_HTML).exchange();
		assertThat(result).hasStatusOk().bodyText().contains("<script>parent.news({\"text\":\"two\"});</script>");
	}

	@Test
	void aPlainRequestToAWebSocketMustUpgrade() {
		assertThat(this.mvc.get().uri("/rooms/blue")).hasStatus(426)
			.hasHeader(HttpHeaders.UPGRADE, "websocket")
			.bodyJson()
			.extractingPath("$.detail")
			.isEqualTo("This path is for WebSockets only");
	}

	@Test
	void aHandshakeThatIsAcceptedSaysThatNothingCarriesIt() {
		assertThat(handshake("/rooms/blue")).hasStatus(501)
			.bodyJson()
			.extractingPath("$.detail")
			.asString()
			.startsWith("The handshake is accepted, but nothing here carries WebSockets")
			.contains("needs a server");
	}

	@Test
	void aHandshakeThatTheMethodRefusesIsAnsweredSo() {
		assertThat(handshake("/rooms/red")).hasStatus(409);
	}

	@Test
	void aHandshakeFromElsewhereIsRefused() {
		assertThat(this.mvc.get()
			.uri("/rooms/blue")
			.headers(upgrade())
			.header(HttpHeaders.ORIGIN, "https://elsewhere.example")).hasStatus(403);
	}

	private MvcTestResult handshake(String path) {
		return this.mvc.get().uri(path).headers(upgrade()).exchange();
	}

	private static HttpHeaders upgrade() {
		HttpHeaders headers = new HttpHeaders();
		headers.setUpgrade("websocket");
		headers.setConnection("Upgrade");
		headers.set("Sec-WebSocket-Version", "13");
		headers.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
		return headers;
	}

	@SpringBootConfiguration
	@Import({ ChatController.class, CatchAll.class })
	static class Application {

	}

	@Controller
	static class ChatController {

		private final Hubs hubs;

		ChatController(Hubs hubs) {
			this.hubs = hubs;
		}

		@WebSocketMapping("/rooms/{room}")
		InOut<News, News> room(@PathVariable String room) {
			if (room.equals("red")) {
				throw new ResponseStatusException(HttpStatus.CONFLICT);
			}
			Hub<News> hub = this.hubs.hub(room, News.class);
			return InOut.of(In.forEach(hub::publish), hub.out());
		}

		@EventSourceMapping("/news")
		@CometMapping(path = "/news", callback = "parent.news")
		Out<News> news() {
			return Out.of(new News("one"), new News("two"));
		}

	}

	@ControllerAdvice
	static class CatchAll {

		@ExceptionHandler(ResponseStatusException.class)
		@ResponseStatus(HttpStatus.CONFLICT)
		void conflict() {
		}

		@ExceptionHandler(Exception.class)
		@ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
		void anything() {
		}

	}

	record News(String text) {
	}

}
