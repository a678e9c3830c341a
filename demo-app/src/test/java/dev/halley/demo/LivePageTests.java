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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page shows of its server, and the rehearsal of a stop, in a real browser.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LivePageTests extends InBrowser {

	@BeforeEach
	void openPage() {
		this.browser.get("http://localhost:" + this.port + "/");
	}

	@Test
	void showsWhatTheServerCarries() {
		awaiting().until((driver) -> number("live-connections") >= 5 && number("live-hubs") >= 1);
		awaiting().until((driver) -> find("live-rows").getText().contains("/rooms/{room}"));
		int sent = number("live-sent");
		awaiting().until((driver) -> number("live-sent") > sent);
		assertThat(find("live-rows").findElements(By.tagName("tr"))).hasSizeBetween(5, 12);
		assertThat(find("live-heap").getText()).endsWith(" MB");
	}

	@Test
	void aDrainTellsAllToComeAgainAndThisPageDoes() throws Exception {
		awaiting().until((driver) -> isOpen("live") && isOpen("clock") && isOpen("rooms-pane-1"));
		Closing other = new Closing();
		connect("/hello", other).get(30, TimeUnit.SECONDS);
		this.browser.executeScript("""
				window.ends = 0;
				for (const id of ['live', 'clock', 'rooms-pane-1']) {
					const state = document.querySelector(`[data-testid='${id}-state']`);
					new MutationObserver((changes) => {
						if (state.dataset.state === 'waiting') {
							window.ends++;
						}
					}).observe(state, { attributeFilter: ['data-state'] });
				}""");
		WebElement drain = find("live-drain");
		this.browser.executeScript("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", drain);
		awaiting().until(ExpectedConditions.elementToBeClickable(drain)).click();
		assertThat(other.status.get(30, TimeUnit.SECONDS)).isEqualTo(1012);
		awaiting().until((driver) -> ((Number) this.browser.executeScript("return window.ends")).intValue() >= 3);
		awaiting().until((driver) -> isOpen("live") && isOpen("clock") && isOpen("rooms-pane-1"));
		awaiting().until((driver) -> drain.isEnabled());
		awaiting().until((driver) -> number("live-connections") >= 5);
	}

	@Test
	void noPageOfAnotherOriginGetsThere() throws Exception {
		OkHttpClient client = new OkHttpClient();
		CompletableFuture<Integer> refusal = new CompletableFuture<>();
		client.newWebSocket(
				new Request.Builder().url(url("ws", "/live")).header("Origin", "https://evil.example.com").build(),
				new WebSocketListener() {

					@Override
					public void onOpen(okhttp3.WebSocket webSocket, Response response) {
						refusal.complete(response.code());
						webSocket.cancel();
					}

					@Override
					public void onFailure(okhttp3.WebSocket webSocket, Throwable failure, @Nullable Response response) {
						refusal.complete((response != null) ? response.code() : 0);
					}

				});
		assertThat(refusal.get(30, TimeUnit.SECONDS)).isEqualTo(403);
		client.dispatcher().executorService().shutdown();
		client.connectionPool().evictAll();
	}

	@Test
	void hasAnAddressOfItsOwn() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url("http", "/live")))
			.header("Accept", "text/html")
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(302);
		assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/#live");
	}

	private CompletableFuture<WebSocket> connect(String path, WebSocket.Listener listener) {
		return HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(url("ws", path)), listener);
	}

	private String url(String scheme, String path) {
		return scheme + "://localhost:" + this.port + path;
	}

	private boolean isOpen(String example) {
		return "open".equals(find(example + "-state").getDomAttribute("data-state"));
	}

	private int number(String id) {
		String text = find(id).getText().replace(",", "");
		return text.matches("\\d+") ? Integer.parseInt(text) : -1;
	}

	private WebElement find(String id) {
		return awaiting()
			.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("[data-testid='" + id + "']")));
	}

	private WebDriverWait awaiting() {
		return new WebDriverWait(this.browser, Duration.ofSeconds(30));
	}

	/** Waits for the end. */
	private static final class Closing implements WebSocket.Listener {

		private final CompletableFuture<Integer> status = new CompletableFuture<>();

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			this.status.complete(statusCode);
			return null;
		}

	}

}
