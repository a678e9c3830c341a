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

package dev.halley.test;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Closes after each test method of a Spring test what it has connected and left open.
 */
final class HalleyTestExecutionListener extends AbstractTestExecutionListener {

	private static final String ATTRIBUTE = HalleyTestExecutionListener.class.getName();

	@Override
	public void beforeTestMethod(TestContext testContext) {
		testContext.setAttribute(ATTRIBUTE, OpenPeers.collect());
	}

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (testContext.removeAttribute(ATTRIBUTE) instanceof OpenPeers peers) {
			peers.end(false);
		}
	}

}
