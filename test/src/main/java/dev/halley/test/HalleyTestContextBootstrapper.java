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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.web.WebMergedContextConfiguration;

/**
 * Gives each {@link HalleyTest} an application of the web without a server, whose hubs
 * live in memory.
 */
final class HalleyTestContextBootstrapper extends TestSliceTestContextBootstrapper<HalleyTest> {

	private static final String IN_MEMORY = "halley.hub.broker=memory";

	@Override
	protected MergedContextConfiguration processMergedContextConfiguration(MergedContextConfiguration mergedConfig) {
		MergedContextConfiguration processed = super.processMergedContextConfiguration(mergedConfig);
		return new WebMergedContextConfiguration(processed, determineResourceBasePath(mergedConfig));
	}

	/** What the test says comes later, and counts. */
	@Override
	protected String @Nullable [] getProperties(Class<?> testClass) {
		String[] properties = super.getProperties(testClass);
		if (properties == null) {
			return new String[] { IN_MEMORY };
		}
		String[] all = new String[properties.length + 1];
		all[0] = IN_MEMORY;
		System.arraycopy(properties, 0, all, 1, properties.length);
		return all;
	}

}
