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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;

import com.deque.html.axecore.selenium.AxeBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser, worked through its buttons.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class DemoPageTests extends InBrowser {

	private static final Dimension WIDE = new Dimension(1280, 1000);

	@BeforeEach
	void openPage() {
		this.browser.manage().window().setSize(WIDE);
		this.browser.get("http://localhost:" + this.port + "/");
	}

	@Test
	void helloGreetsPrintsAndStaysOpen(CapturedOutput output) {
		click("hello-connect");
		awaitRow("hello", "[data-kind=received][data-type=text]", "Hello!");
		type("hello-input", "Are you there?");
		click("hello-send");
		awaiting().until((driver) -> output.getOut().contains("Are you there?"));
		assertThat(stateOf("hello")).isEqualTo("open");
		click("hello-close");
		awaitRow("hello", "[data-close-code='1000']", "1000");
		awaiting().until((driver) -> output.getOut().contains("Disconnected"));
	}

	@Test
	void byeGreetsAndCloses() {
		click("bye-connect");
		awaitRow("bye", "[data-kind=received]", "Hello!");
		awaitRow("bye", "[data-close-code='1000']", "1000");
		awaiting().until((driver) -> stateOf("bye").equals("closed"));
	}

	@Test
	void echoSendsBackTextAndBytes() {
		click("echo-connect");
		type("echo-input", "Grüße ☄");
		click("echo-send");
		awaitRow("echo", "[data-kind=received][data-type=text]", "Grüße ☄");
		click("echo-send-binary");
		awaitRow("echo", "[data-kind=received][data-type=binary][data-size='16']", "");
	}

	@Test
	void allInARoomHearWhatOneSays() {
		say(1, "Is anybody out there?");
		for (int pane = 1; pane <= 3; pane++) {
			awaitSaid(pane, "Edmond", "Is anybody out there?");
		}
		say(2, "I am");
		for (int pane = 1; pane <= 3; pane++) {
			awaitSaid(pane, "Caroline", "I am");
		}
	}

	@Test
	void aRoomShowsWhoIsThere() {
		awaitThere(1, "There: Edmond, Caroline, Charles");
		awaitThere(3, "There: Edmond, Caroline, Charles");
		click("rooms-pane-2-remove");
		awaitThere(1, "There: Edmond, Charles");
		click("rooms-add");
		awaitThere(3, "There: Edmond, Charles, Caroline");
	}

	@Test
	void whatWasSaidIsThereWhenThePageIsLoadedAgain() {
		enter("kept");
		say(1, "Remember this");
		awaitSaid(3, "Edmond", "Remember this");
		openPage();
		enter("kept");
		awaitSaid(2, "Edmond", "Remember this");
	}

	private void awaitThere(int pane, String text) {
		awaiting().until((driver) -> names(find("rooms-pane-" + pane + "-there").getText()).equals(names(text)));
	}

	private static Set<String> names(String there) {
		return Set.of(there.substring(there.indexOf(':') + 1).strip().split(", "));
	}

	@Test
	void anAnswerGoesOnThoughThePageIsLoadedAgain() {
		click("recorded-ask");
		awaiting().until((driver) -> find("recorded-words").getText().startsWith("A comet is"));
		this.browser.navigate().refresh();
		awaiting().until((driver) -> find("recorded-words").getText().startsWith("A comet is a small body of ice"));
		String home = this.browser.getWindowHandle();
		String here = this.browser.getCurrentUrl();
		this.browser.switchTo().newWindow(WindowType.TAB);
		this.browser.get(here);
		awaiting().until((driver) -> find("recorded-words").getText().startsWith("A comet is a small body of ice"));
		click("recorded-stop");
		awaiting().until((driver) -> find("recorded-state").getText().equals("That was all."));
		String stopped = find("recorded-words").getText();
		this.browser.close();
		this.browser.switchTo().window(home);
		awaiting().until((driver) -> find("recorded-state").getText().equals("That was all."));
		assertThat(find("recorded-words").getText()).isEqualTo(stopped).doesNotEndWith("meanwhile.");
	}

	/** A browser that is told nothing would ask once more, seconds later. */
	@Test
	void anAnswerThatIsStoppedEndsAtOnce() {
		this.browser.executeScript("""
				window.ends = 0;
				window.EventSource = class extends EventSource {
					constructor(url) {
						super(url);
						this.addEventListener('error', () => window.ends++);
					}
				};""");
		click("recorded-ask");
		awaiting().until((driver) -> find("recorded-words").getText().startsWith("A comet is"));
		click("recorded-stop");
		awaiting().until((driver) -> find("recorded-state").getText().equals("That was all."));
		assertThat(this.browser.executeScript("return window.ends")).isEqualTo(0L);
	}

	@Test
	void whatIsNotValidIsAnsweredToItsSenderAlone() {
		enter("checked");
		say(1, " ");
		awaiting().until((driver) -> !find("rooms-pane-1-error").getText().isEmpty());
		assertThat(find("rooms-pane-1-error").getText()).isEqualTo("text must not be blank");
		say(1, "Now");
		awaitSaid(2, "Edmond", "Now");
		assertThat(find("rooms-pane-2-error").getText()).isEmpty();
		assertThat(find("rooms-pane-2-log").findElements(By.cssSelector("li.said"))).hasSize(1);
	}

	@Test
	void aQuestionIsAnsweredWordByWord() {
		type("answers-input", "Why?");
		click("answers-send");
		awaitRow("answers", "[data-kind=received][data-type=event]", "Why?");
		awaitRow("answers", "[data-kind=received][data-type=event]", "away.");
		awaitRow("answers", "", "Ended");
		assertThat(find("answers-log").findElements(By.cssSelector("li[data-kind=received]"))).hasSize(10);
	}

	@Test
	void aBlankQuestionIsRefused() {
		type("answers-input", " ");
		click("answers-send");
		awaitRow("answers", "", "Refused with 400");
	}

	@Test
	void theClockTicks() {
		awaiting().until((driver) -> find("clock-instant").getText().endsWith("Z"));
		String first = find("clock-instant").getText();
		awaiting().until((driver) -> !find("clock-instant").getText().equals(first));
	}

	@Test
	void theConsoleTalksToAnyAddress() {
		WebElement url = find("console-url");
		url.clear();
		url.sendKeys("ws://localhost:" + this.port + "/echo");
		click("console-connect");
		awaiting().until((driver) -> stateOf("console").equals("open"));
		WebElement text = find("console-text");
		text.clear();
		text.sendKeys("One comet");
		click("console-send");
		awaitRow("console", "[data-kind=received][data-type=text]", "One comet");
		click("console-close");
		awaitRow("console", "[data-close-code='1000']", "1000");
	}

	@Test
	void theConsoleSaysWhyThereIsNoConnection() {
		WebElement url = find("console-url");
		url.clear();
		url.sendKeys("ws://localhost:" + this.port + "/nowhere");
		click("console-connect");
		awaitRow("console", "[data-close-code='1006']", "1006");
		awaiting().until((driver) -> !find("console-error").getText().isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "hello", "bye", "echo", "rooms", "clock", "live" })
	void theSourceStandsBesideTheExample(String example) {
		awaiting().until((driver) -> find(example + "-source").getText().contains("@WebSocketMapping(\"/" + example));
	}

	@ParameterizedTest
	@CsvSource({ "comet, @CometMapping(path = \"/comet/clock\"", "comet, Comet.callback(\"console.log\")",
			"events, @LastEventId", "recorded, this.hubs.recorded(", "answers, method = RequestMethod.POST",
			"prices, @EventSourceMapping(\"/prices\")" })
	void theSourceStandsBesideTheStream(String example, String code) {
		awaiting().until((driver) -> find(example + "-source").getText().contains(code));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1280, 768, 360 })
	void nothingIsWiderThanTheWindow(int width) {
		this.browser.manage().window().setSize(new Dimension(width, 800));
		Number overhang = (Number) this.browser
			.executeScript("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
		assertThat(overhang.intValue()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "1280, light", "1280, dark", "390, light", "390, dark" })
	void nothingKeepsAnybodyOut(int width, String scheme) {
		this.browser.manage().window().setSize(new Dimension(width, 800));
		this.browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		click("bye-connect");
		awaitRow("bye", "[data-close-code='1000']", "1000");
		assertThat(new AxeBuilder().analyze(this.browser).getViolations())
			.extracting((rule) -> rule.getId() + " " + rule.getNodes())
			.isEmpty();
	}

	@Test
	void nothingFailsInTheBrowser() {
		click("hello-connect");
		awaitRow("hello", "[data-kind=received]", "Hello!");
		List<String> failures = this.browser.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
			.map((entry) -> entry.getMessage())
			.filter((message) -> !message.contains("/nowhere"))
			.toList();
		assertThat(failures).isEmpty();
	}

	private void enter(String room) {
		for (int pane = 1; pane <= 3; pane++) {
			String id = "rooms-pane-" + pane;
			awaiting().until((driver) -> stateOf(id).equals("open"));
		}
		type("rooms-room", room);
		click("rooms-enter");
		for (int pane = 1; pane <= 3; pane++) {
			WebElement log = find("rooms-pane-" + pane + "-log");
			awaiting().until((driver) -> log.getText().contains("is in " + room));
		}
	}

	private void say(int pane, String text) {
		String id = "rooms-pane-" + pane;
		awaiting().until((driver) -> stateOf(id).equals("open"));
		type(id + "-input", text);
		click(id + "-send");
	}

	private void awaitSaid(int pane, String from, String text) {
		awaiting().until((driver) -> find("rooms-pane-" + pane + "-log")
			.findElements(By.cssSelector("li.said[data-from='" + from + "']"))
			.stream()
			.anyMatch((row) -> row.getText().contains(text)));
	}

	private void awaitRow(String example, String selector, String text) {
		awaiting().until((driver) -> find(example + "-log").findElements(By.cssSelector("li" + selector))
			.stream()
			.anyMatch((row) -> row.getText().contains(text)));
	}

	private String stateOf(String example) {
		return String.valueOf(find(example + "-state").getDomAttribute("data-state"));
	}

	private void type(String id, String text) {
		WebElement input = awaiting().until(ExpectedConditions.elementToBeClickable(byTestId(id)));
		input.clear();
		input.sendKeys(text);
	}

	private void click(String id) {
		awaiting().until(ExpectedConditions.elementToBeClickable(byTestId(id)));
		awaiting().ignoring(ElementClickInterceptedException.class).until((driver) -> {
			// Where a sticky header may lie over the button, and the page may move
			// meanwhile
			this.browser.executeScript("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", find(id));
			find(id).click();
			return true;
		});
	}

	private WebElement find(String id) {
		return awaiting().until(ExpectedConditions.presenceOfElementLocated(byTestId(id)));
	}

	private static By byTestId(String id) {
		return By.cssSelector("[data-testid='" + id + "']");
	}

	private WebDriverWait awaiting() {
		return new WebDriverWait(this.browser, Duration.ofSeconds(30));
	}

}
